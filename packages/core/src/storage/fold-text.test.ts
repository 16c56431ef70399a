import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldText } from './fold-text.js'

describe('foldText', () => {
  it.each([
    ['Łódź', 'lodz'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['Ærøskøbing', 'aeroskobing'],
    ['Œuvre', 'oeuvre'],
    ['Þórður', 'thordur'],
    ['İstanbul', 'istanbul'],
    ['ırmak', 'irmak'],
    ['Đặng', 'dang'],
    ['Ａｄａ', 'ada'],
    ['ﬁn', 'fin'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδός', 'οδοσ'],
    ['ｶﾞ', 'ガ'],
    ['김', '김'],
    ['हिन्दी', 'हिन्दी'],
    ['שָׁלוֹם', 'שלום'],
    ['王小明', '王小明'],
  ])('%s becomes %s', (text, folded) => {
    expect(foldText(text)).toBe(folded)
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text))
      }),
      { numRuns: 500 },
    )
  })
})
