import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cdnowSample, readReferenceRows } from '../reference-data/cdnow.fixture.js'
import { fitLogisticRegression, logisticReasons, predictLogistic } from './logistic-regression.js'
import { areaUnderRoc, brierScore, calibrationTable } from './probability-quality.js'
import reference from './reference-data/cdnow-holdout-purchase.json' with { type: 'json' }

const sample = cdnowSample()
const silence = readReferenceRows('./cdnow-sample-weeks.csv').map(
  (row) => (Number(row.T_days) - Number(row.t_x_days)) / 7,
)
const columns = ['repeatPurchases', 'silence', 'noRepeatPurchase', 'logMeanSpend']
const y = sample.holdout.map((purchases) => (purchases > 0 ? 1 : 0))
const x = Float64Array.from(
  [...sample.frequency].flatMap((frequency, row) => [
    frequency,
    silence[row]!,
    frequency === 0 ? 1 : 0,
    Math.log1p(sample.monetaryValue[row]!),
  ]),
)
const near = (actual: number, expected: number): void => expect(Math.abs(actual - expected)).toBeLessThan(1e-8)

describe('fitLogisticRegression on who buys in the CDNOW holdout, against R glm', () => {
  const { glm } = reference
  const fit = fitLogisticRegression({ x, columns, y })
  const probability = predictLogistic(fit, x)

  it('finds the coefficients, their standard errors and the log-likelihood', () => {
    expect(fit.status).toBe('converged')
    expect(fit.warnings).toEqual([])
    const [intercept, ...coefficients] = Object.values(glm.coef)
    const [interceptError, ...errors] = Object.values(glm.se)
    near(fit.intercept, intercept!)
    near(fit.standardErrors!.intercept, interceptError!)
    coefficients.forEach((expected, j) => {
      near(fit.coefficients[j]!, expected)
      near(fit.standardErrors!.coefficients[j]!, errors[j]!)
    })
    near(fit.logLikelihood, glm.logLik)
    near(-2 * fit.logLikelihood, glm.deviance)
  })

  it('predicts the same probabilities, order and Brier score', () => {
    glm.first5_prob.forEach((expected, row) => {
      near(probability[row]!, expected)
    })
    near(areaUnderRoc(probability, y)!, glm.auc_exact_ties)
    // R broke one tie by rounding: half a pair of a buyer and another customer.
    expect(Math.abs(areaUnderRoc(probability, y)! - glm.auc) * glm.positives * (glm.n - glm.positives)).toBeCloseTo(
      0.5,
      6,
    )
    near(brierScore(probability, y)!, glm.brier)
  })

  it('is calibrated where it was fitted: predicted and observed agree over all bins', () => {
    const table = calibrationTable(probability, y)
    expect(table.reduce((sum, { leads }) => sum + leads, 0)).toBe(glm.n)
    expect(table.reduce((sum, { leads, observed }) => sum + leads * observed, 0)).toBeCloseTo(glm.positives, 8)
    // The score equation of the intercept: expected and actual buyers are equal.
    expect(table.reduce((sum, { leads, predicted }) => sum + leads * predicted, 0)).toBeCloseTo(glm.positives, 6)
  })

  it('counts a weighted row as that many leads', () => {
    const doubled = fitLogisticRegression({ x, columns, y, weight: new Float64Array(y.length).fill(2) })
    near(doubled.intercept, fit.intercept)
    near(doubled.logLikelihood / 2, fit.logLikelihood)
    near(doubled.standardErrors!.coefficients[0]! * Math.SQRT2, fit.standardErrors!.coefficients[0]!)
  })

  it('explains a lead by what sets it apart, and the reasons add up to its log-odds', () => {
    const reasons = logisticReasons(fit, x, 0)
    const total = reasons.reduce((sum, { evidence }) => sum + Number(evidence.logOdds), fit.standardized.intercept)
    near(1 / (1 + Math.exp(-total)), glm.first5_prob[0]!)
    expect(reasons[0]).toMatchObject({
      what: 'log_odds_above_mean',
      effect: 'raises',
      evidence: { column: 'silence', value: 59 / 7 },
    })
    expect(() => logisticReasons(fit, x, y.length)).toThrow(TypeError)
  })

  it.each(reference.ridge)('with ridge $ridge: coefficients, log-loss and order', (expected) => {
    const ridge = fitLogisticRegression({ x, columns, y, ridge: expected.ridge })
    expect(ridge).toMatchObject({ status: 'converged', ridge: expected.ridge })
    expect(ridge.standardErrors).toBeUndefined()
    near(ridge.standardized.intercept, expected.intercept)
    expected.standardized.forEach((coefficient, j) => {
      near(ridge.standardized.coefficients[j]!, coefficient)
    })
    near(-ridge.logLikelihood / y.length, expected.logLoss)
    near(areaUnderRoc(predictLogistic(ridge, x), y)!, expected.auc)
    // scikit-learn stopped short of the maximum: same place to its precision, and the objective here is no worse.
    const objective = (logLoss: number, weights: readonly number[]): number =>
      logLoss * y.length + (expected.ridge / 2) * weights.reduce((sum, w) => sum + w * w, 0)
    const { sklearn } = expected
    sklearn.coef_on_zscored.forEach((coefficient, j) => {
      expect(Math.abs(ridge.standardized.coefficients[j]! - coefficient)).toBeLessThan(5e-5)
    })
    expect(objective(-ridge.logLikelihood / y.length, ridge.standardized.coefficients)).toBeLessThanOrEqual(
      objective(sklearn.log_loss, sklearn.coef_on_zscored),
    )
  })

  it('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(fit))).toEqual(fit)
  })
})

describe('fitLogisticRegression without a finite maximum', () => {
  const one = ['size']

  it.each([
    ['separable', [1, 2, 3, 4], [0, 0, 1, 1]],
    ['separable', [1, 2, 2, 3], [0, 0, 1, 1]],
    ['one_outcome', [1, 2, 3, 4], [1, 1, 1, 1]],
  ] as const)('%s data give a finite fit and a sentence', (limit, values, outcomes) => {
    const fit = fitLogisticRegression({ x: Float64Array.from(values), columns: one, y: [...outcomes] })
    expect(fit).toMatchObject({ status: 'boundary', limit })
    expect(fit.warnings[0]).toMatch(/^(All leads|The columns)/)
    const probability = predictLogistic(fit, Float64Array.of(-1e9, 1, 4, 1e9))
    for (const p of probability) expect(p >= 0 && p <= 1).toBe(true)
    expect(probability[2]!).toBeGreaterThanOrEqual(probability[1]!)
  })

  it('shares the effect between columns that follow from each other', () => {
    const twice = Float64Array.from([...y].flatMap((_, row) => [x[row * 4]!, 2 * x[row * 4]! + 7]))
    const fit = fitLogisticRegression({ x: twice, columns: ['a', 'b'], y })
    expect(fit).toMatchObject({ status: 'boundary', limit: 'collinear_columns', ridge: 1 })
    near(fit.standardized.coefficients[0]!, fit.standardized.coefficients[1]!)
  })

  it('ignores a column that does not vary, and says so', () => {
    const constant = Float64Array.from([...y].flatMap((_, row) => [x[row * 4]!, 0.1]))
    const alone = fitLogisticRegression({ x: Float64Array.from(y, (_, row) => x[row * 4]!), columns: ['a'], y })
    const fit = fitLogisticRegression({ x: constant, columns: ['a', 'b'], y })
    expect(fit.status).toBe('converged')
    expect(fit.coefficients[1]).toBe(0)
    near(fit.coefficients[0]!, alone.coefficients[0]!)
    expect(fit.warnings).toEqual(['b is the same for all leads and says nothing.'])
  })

  it('warns of too few outcomes', () => {
    const fit = fitLogisticRegression({ x: Float64Array.of(1, 2, 3, 4), columns: one, y: [0, 1, 0, 1] })
    expect(fit.status).toBe('converged')
    expect(fit.warnings[0]).toMatch(/^There are 2 leads of the rarer outcome for 1 columns/)
  })

  it('names column and row of what cannot be', () => {
    const good = { x: Float64Array.of(1, 2), columns: one, y: [0, 1] }
    expect(() => fitLogisticRegression({ ...good, x: Float64Array.of(1, Number.NaN) })).toThrow(/size, row 1/)
    expect(() => fitLogisticRegression({ ...good, y: [0, 2] })).toThrow(/y, row 1/)
    expect(() => fitLogisticRegression({ ...good, y: [0, 0.5] })).toThrow(/y, row 1: .*neither 0 nor 1/)
    expect(() => fitLogisticRegression({ ...good, y: [0] })).toThrow(/y: the column has 1 rows where x has 2/)
    expect(() => fitLogisticRegression({ ...good, columns: ['a', 'b', 'c'] })).toThrow(/x: the 2 values do not fill/)
    expect(() => fitLogisticRegression({ ...good, columns: [] })).toThrow(TypeError)
    expect(() => fitLogisticRegression({ ...good, ridge: -1 })).toThrow(TypeError)
    expect(() => fitLogisticRegression({ ...good, weight: Float64Array.of(1, -1) })).toThrow(/weight, row 1/)
    expect(fitLogisticRegression({ x: new Float64Array(0), columns: one, y: [] }).limit).toBe('one_outcome')
  })

  it('always ends with finite numbers', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }))
    const lead = fc.tuple(value, value, fc.nat(1), fc.integer({ min: 0, max: 3 }))
    fc.assert(
      fc.property(fc.array(lead, { maxLength: 30 }), fc.constantFrom(0, 0.1, 10), (leads, ridge) => {
        const matrix = Float64Array.from(leads.flatMap((lead) => lead.slice(0, 2)))
        const fit = fitLogisticRegression({
          x: matrix,
          columns: ['a', 'b'],
          y: leads.map(([, , won]) => won),
          weight: Float64Array.from(leads, ([, , , weight]) => weight),
          ridge,
        })
        expect(fit.status).not.toBe('failed')
        expect([fit.intercept, fit.logLikelihood, ...fit.coefficients].every(Number.isFinite)).toBe(true)
        for (const p of predictLogistic(fit, matrix)) expect(p >= 0 && p <= 1).toBe(true)
      }),
      { seed: 8, numRuns: 300 },
    )
  })
})
