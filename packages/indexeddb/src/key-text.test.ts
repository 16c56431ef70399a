import { compareCodePoints } from '@rapport/core/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { invertedPrefix, invertedText, originalText, sortableNumber, sortableText } from './key-text.js'

/** As IndexedDB compares keys: by UTF-16 unit. */
const compareUnits = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1)
const sign = (order: number): number => Math.sign(order) + 0

/** Storable texts: whole code points without U+0000, some of them next to where UTF-16 and code points part. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', 'b', '\u0001', '\u007f', '\u0080', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }).filter((part) => !part.includes('\u0000')),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''))

describe('sortableText', () => {
  it('sorts by code point where units are compared', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(sign(compareUnits(sortableText(left), sortableText(right)))).toBe(sign(compareCodePoints(left, right)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('can be turned back', () => {
    fc.assert(
      fc.property(text, (original) => {
        expect(originalText(sortableText(original))).toBe(original)
      }),
    )
  })

  it('leaves text as it is that needs no change', () => {
    expect(sortableText('Ada Zoë 中文')).toBe('Ada Zoë 中文')
  })
})

describe('invertedText', () => {
  it('sorts the other way round, shorter texts behind those they begin', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const inverted = (original: string): string => invertedText(sortableText(original))
        expect(sign(compareUnits(inverted(left), inverted(right)))).toBe(sign(compareCodePoints(right, left)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('begins as the inverted texts of all its prefixes do', () => {
    fc.assert(
      fc.property(text, text, (prefix, rest) => {
        const whole = invertedText(sortableText(prefix + rest))
        expect(whole.startsWith(invertedPrefix(sortableText(prefix)))).toBe(true)
      }),
    )
  })

  it('keeps ASCII within Latin-1', () => {
    const inverted = invertedText('0199c2f0-7000-8000-abcdef')
    expect(Math.max(...Array.from(inverted, (character) => character.charCodeAt(0)))).toBeLessThan(0x100)
  })
})

describe('sortableNumber', () => {
  const edges = [-Number.MAX_VALUE, -1e21, -(2 ** 53), -2, -1, -5e-324, 0, 5e-324, 0.1, 1, 2, 2 ** 53 - 1, 2 ** 53]

  it('sorts by size', () => {
    const number = fc.oneof(fc.constantFrom(...edges), fc.double({ noNaN: true }), fc.maxSafeInteger())
    fc.assert(
      fc.property(number, number, (given, other) => {
        const [left, right] = [given + 0, other + 0]
        const expected = left === right ? 0 : left < right ? -1 : 1
        expect(sign(compareUnits(sortableNumber(left), sortableNumber(right)))).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
    expect(edges.map(sortableNumber).toSorted(compareUnits)).toEqual(edges.map(sortableNumber))
  })

  it('is eleven characters of ASCII', () => {
    for (const edge of edges) expect(sortableNumber(edge)).toMatch(/^[0-o]{11}$/)
  })
})
