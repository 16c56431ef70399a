import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { churnRisk } from './churn-risk.js'
import { expectedRhythm } from './expected-rhythm.js'

describe('expectedRhythm', () => {
  const columns = {
    frequency: Float64Array.of(0, 4, 8, 0, 1),
    recency: Float64Array.of(0, 40, 56, 0, 3000),
    productClass: ['coffee', 'coffee', 'coffee', 'mattress', 'mattress'],
  }

  it('is set by the class of product and corrected by purchases of one own', () => {
    const { usualGap, classGaps } = expectedRhythm(columns)
    // Coffee: 96 days over 12 gaps; mattresses: 3000 days over 1 gap. Two gaps of the class are mixed in.
    expect([...classGaps]).toEqual([
      ['coffee', 8],
      ['mattress', 3000],
    ])
    expect([...usualGap!]).toEqual([8, (16 + 40) / 6, (16 + 56) / 10, 3000, 3000])
  })

  it('makes the same silence a risk for coffee and none for a mattress', () => {
    const { usualGap } = expectedRhythm(columns)
    const { risk } = churnRisk({ silence: new Float64Array(5).fill(80), usualGap: usualGap! })
    expect(risk[0]).toBe(1 - 2 ** -9)
    expect(risk[3]).toBe(0)
  })

  it('takes what the merchant knows before what the log says, and the rhythm of all for a class without any', () => {
    const { classGaps } = expectedRhythm(columns, { classGaps: { coffee: 20 } })
    expect(classGaps.get('coffee')).toBe(20)
    const single = { frequency: new Float64Array(2), recency: new Float64Array(2), productClass: ['tea', 'coffee'] }
    expect([...expectedRhythm(single, { classGaps: { coffee: 20 } }).usualGap!]).toEqual([20, 20])
    const mixed = { ...columns, productClass: ['tea', 'coffee', 'coffee', 'tea', 'mattress'] }
    expect(expectedRhythm(mixed).classGaps.get('tea')).toBe(3096 / 13)
  })

  it('knows no rhythm where nobody bought twice, and names what cannot be', () => {
    const once = { frequency: new Float64Array(1), recency: new Float64Array(1), productClass: ['tea'] }
    expect(expectedRhythm(once)).toEqual({ usualGap: undefined, classGaps: new Map() })
    expect(expectedRhythm({ frequency: new Float64Array(0), recency: new Float64Array(0), productClass: [] })).toEqual({
      usualGap: new Float64Array(0),
      classGaps: new Map(),
    })
    expect(() => expectedRhythm({ ...columns, productClass: ['tea'] })).toThrow(/productClass: the column has 1 rows/)
    expect(() => expectedRhythm({ ...columns, recency: Float64Array.of(0, 1, 2, 3, -1) })).toThrow(/recency, row 4/)
    expect(() => expectedRhythm(columns, { classGaps: { tea: 0 } })).toThrow(/classGaps\.tea/)
    expect(() => expectedRhythm(columns, { priorGaps: 0 })).toThrow(TypeError)
  })

  it('lies between the rhythm of the class and the own one, whatever the history', () => {
    const row = fc.record({ x: fc.nat(500), gap: fc.double({ min: 0.1, max: 1000, noNaN: true }), tea: fc.boolean() })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const history = {
          frequency: Float64Array.from(rows, ({ x }) => x),
          recency: Float64Array.from(rows, ({ x, gap }) => x * gap),
          productClass: rows.map(({ tea }) => (tea ? 'tea' : 'coffee')),
        }
        const { usualGap, classGaps } = expectedRhythm(history)
        rows.forEach(({ x, gap, tea }, i) => {
          const ofClass = classGaps.get(tea ? 'tea' : 'coffee')
          if (!usualGap) {
            expect(x).toBe(0)
            return
          }
          const own = x > 0 ? gap : ofClass!
          expect(usualGap[i]).toBeGreaterThanOrEqual(Math.min(own, ofClass!) * (1 - 1e-9))
          expect(usualGap[i]).toBeLessThanOrEqual(Math.max(own, ofClass!) * (1 + 1e-9))
        })
      }),
      { seed: 11 },
    )
  })
})
