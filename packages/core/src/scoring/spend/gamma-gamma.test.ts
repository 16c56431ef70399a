import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cdnowRoundedSample, cdnowSample, relativeError } from '../reference-data/cdnow.fixture.js'
import reference from '../reference-data/cdnow-reference.json' with { type: 'json' }
import type { CustomerSummary } from '../summary/customer-summary.js'
import { fitGammaGamma, gammaGammaExpectedValue, gammaGammaLogLikelihood } from './gamma-gamma.js'
import { gammaGammaLikelihood } from './gamma-gamma-likelihood.js'
import { collectRepeatSpend } from './repeat-spend.js'
import { spendFrequencyCorrelation, spendFrequencyRankCorrelation } from './spend-frequency-correlation.js'

const sample = cdnowSample()
const rounded = cdnowRoundedSample()
const polished = reference.polished.gamma_gamma
const NAMES = ['p', 'q', 'v'] as const

function spends(rows: readonly (readonly [x: number, mean: number])[]): CustomerSummary {
  const age = new Float64Array(rows.length).fill(10)
  return {
    frequency: Float64Array.from(rows, ([x]) => x),
    recency: Float64Array.from(rows, ([x]) => (x > 0 ? 5 : 0)),
    age,
    monetaryValue: Float64Array.from(rows, ([, mean]) => mean),
  }
}

describe('Gamma-Gamma on CDNOW', () => {
  it('gives the estimates of Fader & Hardie, note 025, to the digits printed', () => {
    const { params, status } = fitGammaGamma(sample)
    expect(status).toBe('converged')
    expect(params.p.toFixed(2)).toBe('6.25')
    expect(params.q.toFixed(2)).toBe('3.74')
    expect(params.v.toFixed(2)).toBe('15.44')
  })

  it.each([
    undefined,
    { p: 1, q: 1.5, v: 10 },
    { p: 40, q: 2, v: 1 },
    { p: 0.5, q: 30, v: 900 },
    { p: 9, q: 0.6, v: 3 },
  ])('finds the polished optimum from %o', (start) => {
    const fit = fitGammaGamma(sample, start ? { start } : {})
    expect(Math.abs(fit.logLikelihood - polished.log_likelihood)).toBeLessThan(1e-6)
    NAMES.forEach((name, i) => {
      expect(relativeError(fit.params[name], polished.params[name])).toBeLessThan(1e-6)
      expect(relativeError(fit.standardErrors![name], polished.std_errors_natural[i]!)).toBeLessThan(1e-5)
    })
    expect(fit.warnings).toEqual([])
  })

  it.each(reference.likelihood_points.gamma_gamma)('has log-likelihood and gradient at $params', (point) => {
    expect(relativeError(gammaGammaLogLikelihood(point.params, rounded), point.log_likelihood)).toBeLessThan(1e-9)
    const { gradient } = gammaGammaLikelihood(collectRepeatSpend(rounded, rounded.monetaryValue), point.params)
    point.gradient.forEach((value, i) => {
      expect(relativeError(gradient[i]!, value)).toBeLessThan(1e-7)
    })
  })

  it('expects the spends that the polished optimum implies', () => {
    const expected = gammaGammaExpectedValue(polished.params, sample)
    for (const customer of reference.customers) {
      expect(relativeError(expected[customer.row]!, customer.spend)).toBeLessThan(1e-9)
    }
  })

  it('expects what the R package BTYD expects', () => {
    const [p = 0, q = 0, v = 0] = reference.btyd.spend_expected_value.params
    const got = gammaGammaExpectedValue(
      { p, q, v },
      spends([
        [3, 35],
        [2, 40],
        [0, 0],
      ]),
    )
    const { m35_x3, m40_x2, m0_x0 } = reference.btyd.spend_expected_value
    expect(got[0]).toBeCloseTo(m35_x3, 8)
    expect(got[1]).toBeCloseTo(m40_x2, 8)
    expect(got[2]).toBeCloseTo(m0_x0, 8)
  })

  it('measures the independence that the model assumes: correlation 0.1139', () => {
    expect(spendFrequencyCorrelation(sample)!.toFixed(4)).toBe('0.1139')
  })

  it('measures it by ranks too: Spearman 0.206301516583918 by scipy 1.10, ties sharing their rank', () => {
    expect(spendFrequencyRankCorrelation(sample)).toBeCloseTo(0.206301516583918, 12)
    const rows = sample.frequency.length
    const doubled = new Float64Array(rows).fill(2)
    expect(spendFrequencyRankCorrelation({ ...sample, weight: doubled })).toBeCloseTo(0.206301516583918, 12)
    const growing = spends([
      [1, 10],
      [2, 11],
      [3, 5000],
    ])
    expect(spendFrequencyRankCorrelation(growing)).toBeCloseTo(1, 12)
    expect(spendFrequencyRankCorrelation(spends([[1, 10]]))).toBeUndefined()
  })
})

describe('Gamma-Gamma where the data do not support it', () => {
  it('expects the common spend where all spend the same', () => {
    const summary = spends([
      [0, 0],
      [1, 10],
      [2, 10],
      [3, 10],
      [9, 10],
    ])
    const fit = fitGammaGamma(summary)
    expect(fit.status).toBe('boundary')
    expect(fit.limit).toBe('homogeneous_spend')
    for (const value of gammaGammaExpectedValue(fit.params, summary)) expect(value).toBeCloseTo(10, 2)
  })

  it('fails with a reason where nobody spent anything on a repeat purchase', () => {
    expect(
      fitGammaGamma(
        spends([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toMatchObject({ status: 'failed', limit: 'no_repeat_spend' })
  })

  it('leaves out repeat buyers without spend, and says so', () => {
    const summary = spends([
      [1, 10],
      [2, 30],
      [4, 5],
      [3, 80],
      [2, 0],
    ])
    expect(fitGammaGamma(summary).warnings).toContainEqual(
      expect.stringContaining('Left out of the fit: 1 with repeat purchases'),
    )
  })

  it('warns where frequent buyers spend more', () => {
    const rows = Array.from({ length: 200 }, (_, i): [number, number] => [1 + (i % 10), 5 * (1 + (i % 10)) + (i % 7)])
    expect(fitGammaGamma(spends(rows)).warnings).toContainEqual(expect.stringMatching(/correlated \(0\.9\d\)/))
  })

  it('warns of what a heavy tail hides from Pearson', () => {
    const rows = Array.from({ length: 200 }, (_, i): [number, number] => [1 + (i % 10), 5 * (1 + (i % 10)) + (i % 7)])
    const withGiant = spends([...rows, [1, 1e6]])
    expect(Math.abs(spendFrequencyCorrelation(withGiant)!)).toBeLessThan(0.3)
    expect(fitGammaGamma(withGiant).warnings).toContainEqual(expect.stringMatching(/correlated \(0\.9\d\)/))
  })

  it('gives a geometric mean, never a negative spend, where q is below 1', () => {
    const value = gammaGammaExpectedValue(
      { p: 2, q: 0.5, v: 10 },
      spends([
        [0, 0],
        [3, 20],
      ]),
    )
    // exp(-digamma(1/2)) = 4 exp(gamma); Abramowitz & Stegun 6.3.3.
    expect(value[0]).toBeCloseTo(20 * 4 * Math.exp(0.5772156649015329), 9)
    expect(value[1]).toBeCloseTo((2 * (10 + 60)) / 5.5, 12)
  })

  it('ends with a status and finite positive spends for every small base', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.double({ min: 0.01, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
    })
    fc.assert(
      fc.property(rows, (base) => {
        const summary = spends(base.map(([x, mean]) => [x, x > 0 ? mean : 0]))
        const fit = fitGammaGamma(summary)
        expect(fit.limit === undefined).toBe(fit.status === 'converged')
        for (const value of Object.values(fit.params)) expect(value > 0 && value < Infinity).toBe(true)
        for (const value of gammaGammaExpectedValue(fit.params, summary))
          expect(value > 0 && value < Infinity).toBe(true)
      }),
      { numRuns: 150, seed: 11 },
    )
  }, 30_000)
})
