import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leastOverlap, searchTerms, searchTermsLimit, searchTokens, wholeTerms } from './search-tokens.js'

describe('searchTerms', () => {
  it.each<[string, string[]]>([
    ['Ada', ['_ad', 'ada', 'da_']],
    ['Łu', ['_lu', 'lu_']],
    ['x', ['_x_']],
    ['王小明', ['王', '小', '明', '王小', '小明']],
    ['王', ['王']],
    ['42', ['_42']],
    ['2026', ['_20', '202', '026']],
    ['Ａda 12', ['_ad', 'ada', 'da_', '_12']],
    ['', []],
    ['-- %', []],
  ])('of %s', (text, terms) => {
    expect(searchTerms(text)).toEqual(terms)
  })

  it('holds a mail address whole, without case, and its words', () => {
    const terms = searchTerms('write to Ada@Example.COM, please')
    expect(terms).toContain('@ada@example.com')
    expect(terms).toEqual(expect.arrayContaining(['_ad', '_ex', 'ple']))
  })

  it('takes a phone number as one run of digits, however it is grouped', () => {
    expect(searchTerms('+49 (170) 123-45.67')).toEqual(searchTerms('491701234567'))
    expect(searchTerms('+49 170 1234567')).toContain('#491701234567')
  })

  it('finds a part of a number and the beginning of a word', () => {
    const held = new Set(searchTerms('Ada King 0170 1234567'))
    for (const part of ['1234', '017', 'ki', 'kin']) {
      const terms = searchTerms(part)
      const shared = terms.filter((term) => held.has(term))
      expect(shared.length, part).toBeGreaterThanOrEqual(leastOverlap(terms.length))
    }
  })

  it('is folded like its text, each term once, and bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const terms = searchTerms(text)
        expect(new Set(terms).size).toBe(terms.length)
        expect(searchTerms(text.normalize('NFD'))).toEqual(searchTerms(text.normalize('NFC')))
      }),
    )
    const long = Array.from({ length: 9_000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('')
    expect(searchTerms(long)).toHaveLength(searchTermsLimit)
  })
})

describe('wholeTerms', () => {
  it.each<[string, string[]]>([
    ['Ada@Example.com ', ['@ada@example.com']],
    ['0170/1234567', ['#01701234567', '#1234567']],
    ['1234567', ['#1234567']],
    ['123456', []],
    ['Ada ada@example.com', []],
    ['Ada 0170 1234567', []],
    ['12345678 12345678 12345678', []],
    ['', []],
  ])('of %s', (text, terms) => {
    expect(wholeTerms(text)).toEqual(terms)
  })

  it('are among the terms of every record that holds the number, in whatever notation', () => {
    for (const held of ['+49 170 1234567', '00491701234567', '(0170) 123 45-67'])
      expect(searchTerms(`call ${held}`)).toContain('#1234567')
  })
})

describe('searchTokens', () => {
  it('parts scripts from each other', () => {
    expect(searchTokens('INV2026王')).toEqual([
      { kind: 'word', text: 'inv' },
      { kind: 'digits', text: '2026' },
      { kind: 'cjk', text: '王' },
    ])
  })
})

describe('leastOverlap', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [20, 9],
  ])('of %i terms is %i', (terms, least) => {
    expect(leastOverlap(terms)).toBe(least)
  })
})
