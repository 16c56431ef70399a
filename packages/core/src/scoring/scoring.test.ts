import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as scoring from './index.js'
import { cdnowSample } from './reference-data/cdnow.fixture.js'

const summary = cdnowSample()

describe('@rapport/core/scoring', () => {
  it('dispatches on the fitted model', () => {
    const bg = scoring.fitBgNbd(summary)
    const mbg = scoring.fitMbgNbd(summary)
    expect(scoring.probabilityAlive(bg, summary)).toEqual(scoring.bgNbdProbabilityAlive(bg.params, summary))
    expect(scoring.probabilityAlive(mbg, summary)).toEqual(scoring.mbgNbdProbabilityAlive(mbg.params, summary))
    expect(scoring.expectedPurchases(bg, summary, 39)).toEqual(scoring.bgNbdExpectedPurchases(bg.params, summary, 39))
    expect(scoring.expectedPurchases(mbg, summary, 39)).toEqual(
      scoring.mbgNbdExpectedPurchases(mbg.params, summary, 39),
    )
    const pareto = { model: 'pareto_nbd', params: { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 } } as const
    expect(scoring.probabilityAlive(pareto, summary)).toEqual(scoring.paretoNbdProbabilityAlive(pareto.params, summary))
    expect(scoring.expectedPurchases(pareto, summary, 39)).toEqual(
      scoring.paretoNbdExpectedPurchases(pareto.params, summary, 39),
    )
    const unknown = { ...bg, model: 'naive' as 'bg_nbd' }
    expect(() => scoring.probabilityAlive(unknown, summary)).toThrow(TypeError)
  })

  it('dispatches BG/BB on opportunities', () => {
    const donors = {
      frequency: Float64Array.of(0, 2, 6),
      recency: Float64Array.of(0, 4, 6),
      age: Float64Array.of(6, 6, 6),
    }
    const fit = { model: 'bg_bb', params: { alpha: 1.204, beta: 0.75, gamma: 0.657, delta: 2.783 } } as const
    // Table 6 of Fader, Hardie & Shang (2010).
    expect(Array.from(scoring.probabilityAlive(fit, donors), (chance) => chance.toFixed(2))).toEqual([
      '0.11',
      '0.59',
      '0.93',
    ])
    expect(scoring.expectedPurchases(fit, donors, 5)).toEqual(scoring.bgBbExpectedPurchases(fit.params, donors, 5))
    expect(() => scoring.expectedPurchases(fit, donors, 0.5)).toThrow(/whole number/)
    const value = scoring.customerLifetimeValue({
      ...fit,
      summary: donors,
      spend: Float64Array.of(10, 10, 10),
      periods: 5,
      periodLength: 1,
      discountRate: 0,
    })
    value.forEach((amount, row) => {
      expect(amount).toBeCloseTo(10 * scoring.bgBbExpectedPurchases(fit.params, donors, 5)[row]!, 10)
    })
  })

  it('tells why a customer is thought alive or gone', () => {
    const history = {
      frequency: Float64Array.of(0, 4, 4),
      recency: Float64Array.of(0, 36, 8),
      age: Float64Array.of(20, 38, 38),
    }
    expect(scoring.purchaseReasons(history, 0)).toEqual([
      { what: 'no_repeat_purchase', effect: 'lowers', evidence: { silence: 20, age: 20 } },
    ])
    expect(scoring.purchaseReasons(history, 1)[0]).toEqual({
      what: 'within_usual_rhythm',
      effect: 'raises',
      evidence: { silence: 2, usualGap: 9 },
    })
    expect(scoring.purchaseReasons(history, 2)[0]).toEqual({
      what: 'silent_longer_than_usual',
      effect: 'lowers',
      evidence: { silence: 30, usualGap: 2 },
    })
    expect(() => scoring.purchaseReasons(history, 3)).toThrow(TypeError)
  })

  it('gives results that survive JSON', () => {
    const fit = scoring.fitMbgNbd(summary)
    expect(JSON.parse(JSON.stringify(fit))).toEqual(fit)
  })

  it('imports nothing from outside, and reads no clock and no chance', () => {
    const folder = new URL('./', import.meta.url)
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file),
    )
    expect(sources.length).toBeGreaterThan(25)
    for (const file of sources) {
      const source = readFileSync(new URL(file, folder), 'utf8')
      const depth = file.split('/').length - 1
      for (const [, target = ''] of source.matchAll(/from '([^']+)'/g)) {
        expect(target, `${file} imports ${target}`).toMatch(depth === 0 ? /^\.\/[^.]/ : /^\.(\/|\.\/)[^.]/)
      }
      expect(source, file).not.toMatch(/Date\.now|new Date\(\)|Math\.random|process\./)
    }
  })
})
