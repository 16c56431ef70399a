import { describe, expect, it } from 'vitest'
import { cdnowRoundedSample, cdnowSample, oneCustomer, relativeError } from '../reference-data/cdnow.fixture.js'
import reference from '../reference-data/pareto-nbd-reference.json' with { type: 'json' }
import {
  fitParetoNbd,
  paretoNbdDiscountedResidual,
  paretoNbdExpectedPurchases,
  paretoNbdExpectedPurchasesNewCustomer,
  paretoNbdLogLikelihood,
  paretoNbdProbabilityAlive,
} from './pareto-nbd.js'
import { paretoNbdLikelihood } from './pareto-nbd-likelihood.js'
import type { ParetoNbdParams } from './pareto-nbd-params.js'
import { groupPurchaseHistories } from './purchase-histories.js'

const sample = cdnowSample()
const rounded = cdnowRoundedSample()
const NAMES = ['r', 'alpha', 's', 'beta'] as const

function fromList([r = 0, alpha = 0, s = 0, beta = 0]: readonly number[]): ParetoNbdParams {
  return { r, alpha, s, beta }
}

describe('published values', () => {
  it('Pareto/NBD on CDNOW gives the estimates of Fader, Hardie & Lee (2005) to the digits printed', () => {
    const fit = fitParetoNbd(rounded)
    const { params, log_likelihood } = reference.published.PARETO_NBD_cdnow
    expect(fit.status).toBe('converged')
    expect(fit.params.r.toFixed(3)).toBe(params.r.toFixed(3))
    expect(fit.params.alpha.toFixed(3)).toBe(params.alpha.toFixed(3))
    expect(fit.params.s.toFixed(3)).toBe(params.s.toFixed(3))
    // 11.6679 at the optimum, printed as 11.669: the likelihood is flat there, and the printed search stopped early.
    expect(Math.abs(fit.params.beta - params.beta)).toBeLessThan(0.002)
    expect(fit.logLikelihood.toFixed(1)).toBe(log_likelihood.toFixed(1))
  })

  it('the customer with 26 repeat purchases is alive with chance 0.9979 (BTYD vignette)', () => {
    const { params, x, t_x, T, p_alive } = reference.published.p_alive
    expect(paretoNbdProbabilityAlive(fromList(params), oneCustomer(x, t_x, T))[0]!.toFixed(4)).toBe(p_alive.toFixed(4))
  })

  it('the results of the R package BTYD come out to its digits', () => {
    const params = fromList(reference.btyd.params)
    const frequent = reference.btyd['x26_tx30.86_T31']
    const customer = oneCustomer(26, 30.86, 31)
    expect(paretoNbdExpectedPurchasesNewCustomer(params, 52)).toBeCloseTo(reference.btyd.Expectation_t52, 8)
    expect(paretoNbdProbabilityAlive(params, customer)[0]).toBeCloseTo(frequent.palive, 9)
    expect(paretoNbdExpectedPurchases(params, customer, 52)[0]).toBeCloseTo(frequent.ce_t52, 7)
    expect(paretoNbdDiscountedResidual(params, customer, 0.0027)[0]).toBeCloseTo(frequent['DERT_d0.0027'], 7)
  })

  it('the discounted residual transactions of BTYD come out to its digits', () => {
    const { dert } = reference.btyd
    const params = fromList(dert.params)
    const customers = {
      frequency: Float64Array.of(0, 7, 1, 2),
      recency: Float64Array.of(0, 35, 15, 30.43),
      age: Float64Array.of(39, 39, 39, 38.86),
    }
    const residual = paretoNbdDiscountedResidual(params, customers, dert.d_continuous_weekly)
    ;[dert.x0, dert.x7_tx35, dert.x1_tx15, dert.x2_30_43].forEach((value, row) => {
      expect(relativeError(residual[row]!, value)).toBeLessThan(1e-9)
    })
  })
})

describe('Pareto/NBD against independent computations', () => {
  it.each([
    ['exact weeks', sample, reference.polished],
    ['rounded weeks', rounded, reference.polishedRounded],
  ] as const)('finds the polished optimum of %s from its own start, with standard errors', (_, summary, polished) => {
    const found = fitParetoNbd(summary)
    expect(found).toMatchObject({ model: 'pareto_nbd', status: 'converged', warnings: [] })
    expect(found.limit).toBeUndefined()
    expect(Math.abs(found.logLikelihood - polished.log_likelihood)).toBeLessThan(1e-6)
    NAMES.forEach((key, i) => {
      expect(relativeError(found.params[key], polished.params[key])).toBeLessThan(1e-7)
      expect(relativeError(found.standardErrors![key], polished.std_errors_natural[i]!)).toBeLessThan(1e-5)
    })
  })

  it.each([
    { r: 3.1, alpha: 0.9, s: 0.2, beta: 8 },
    { r: 0.04, alpha: 60, s: 5, beta: 0.3 },
    { r: 1.7, alpha: 25, s: 0.03, beta: 90 },
    { r: 12, alpha: 3, s: 2.4, beta: 140 },
  ])('finds the same optimum from %o', (start) => {
    const found = fitParetoNbd(sample, { start })
    expect(Math.abs(found.logLikelihood - reference.polished.log_likelihood)).toBeLessThan(1e-6)
    for (const key of NAMES) expect(relativeError(found.params[key], reference.polished.params[key])).toBeLessThan(1e-6)
  })

  it.each(reference.likelihood_points.map((point, i) => [i, point] as const))(
    'has the log-likelihood and gradient of point %i',
    (_, point) => {
      expect(relativeError(paretoNbdLogLikelihood(point.params, rounded), point.log_likelihood)).toBeLessThan(1e-9)
      const { gradient } = paretoNbdLikelihood(groupPurchaseHistories(rounded), point.params)
      point.gradient_numeric_5point.forEach((value, i) => {
        // The reference gradient is a difference of log-likelihoods near 10,000.
        expect(Math.abs(gradient[i]! - value)).toBeLessThan(1e-7 * Math.max(Math.abs(value), 10))
      })
    },
  )

  it.each([
    { r: 0.5, alpha: 10, s: 0.2, beta: 3 },
    { r: 2, alpha: 4, s: 1.5, beta: 60 },
  ])('has the Hessian that differences of the gradient give at %o', (params) => {
    const histories = groupPurchaseHistories(rounded)
    const { hessian } = paretoNbdLikelihood(histories, params)
    const h = 1e-5
    NAMES.forEach((key, i) => {
      const { gradient: up } = paretoNbdLikelihood(histories, { ...params, [key]: params[key] * Math.exp(h) })
      const { gradient: down } = paretoNbdLikelihood(histories, { ...params, [key]: params[key] * Math.exp(-h) })
      for (let j = 0; j < 4; j++) {
        expect(Math.abs((up[j]! - down[j]!) / (2 * h) - hessian[i * 4 + j]!)).toBeLessThan(1e-4)
      }
    })
  })

  it('predicts the chosen customers as 40-digit arithmetic does', () => {
    const { params } = reference.polished
    const chances = paretoNbdProbabilityAlive(params, sample)
    for (const horizon of [1, 13, 39, 52] as const) {
      const purchases = paretoNbdExpectedPurchases(params, sample, horizon)
      for (const customer of reference.customers) {
        expect(relativeError(purchases[customer.row]!, customer.expected_purchases[`${horizon}`])).toBeLessThan(1e-9)
        expect(relativeError(chances[customer.row]!, customer.p_alive)).toBeLessThan(1e-9)
      }
    }
  })

  it('predicts the total and the mean absolute error of the 39-week holdout, and newcomers', () => {
    const { params } = reference.polished
    const purchases = paretoNbdExpectedPurchases(params, sample, 39)
    let total = 0
    let error = 0
    purchases.forEach((value, row) => {
      total += value
      error += Math.abs(value - sample.holdout[row]!)
    })
    expect(relativeError(total, reference.aggregates.pareto_nbd_expected_total)).toBeLessThan(1e-9)
    expect(relativeError(error / purchases.length, reference.aggregates.pareto_nbd_mae)).toBeLessThan(1e-9)
    for (const [t, value] of Object.entries(reference.aggregates.pareto_nbd_E_X_t_new_customer)) {
      expect(relativeError(paretoNbdExpectedPurchasesNewCustomer(params, Number(t)), value)).toBeLessThan(1e-9)
    }
  })

  it('does not depend on the unit of time', () => {
    const inDays = { ...sample, recency: sample.recency.map((t) => t * 7), age: sample.age.map((t) => t * 7) }
    const weeks = fitParetoNbd(sample)
    const days = fitParetoNbd(inDays)
    expect(relativeError(days.params.alpha, weeks.params.alpha * 7)).toBeLessThan(1e-7)
    expect(relativeError(days.params.beta, weeks.params.beta * 7)).toBeLessThan(1e-7)
    expect(relativeError(days.params.s, weeks.params.s)).toBeLessThan(1e-7)
    const purchases = sample.frequency.reduce((sum, x) => sum + x, 0)
    expect(days.logLikelihood).toBeCloseTo(weeks.logLikelihood - purchases * Math.log(7), 6)
  })
})
