import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as scoring from './index.js'

/** Throws where a result holds a number that is not finite, however deep. */
function requireFinite(value: unknown, path: string): void {
  if (typeof value === 'number') expect(Number.isFinite(value), `${path} is ${value}`).toBe(true)
  else if (value instanceof Map) for (const [key, one] of value) requireFinite(one, `${path}.${String(key)}`)
  else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    Array.from(value as unknown as ArrayLike<unknown>).forEach((one, i) => {
      requireFinite(one, `${path}[${i}]`)
    })
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) requireFinite(one, `${path}.${key}`)
  }
}

/** Runs a call: a result without NaN and infinity, or an error of a kind that names what to correct. */
function answers(call: () => unknown): void {
  let result: unknown
  try {
    result = call()
  } catch (error) {
    if (error instanceof scoring.ScoringInputError) expect(error.column).not.toBe('')
    else if (!(error instanceof TypeError) || /undefined|null|not a function|not iterable/.test(error.message))
      throw error
    return
  }
  requireFinite(result, 'result')
}

const odd = [Number.NaN, Infinity, -Infinity, 1e308, -1e308, 1e100, 9e15, 5e-324, 1e-300, -0, -1, 0.5, 1, 2]
const wild = fc.oneof(fc.constantFrom(...odd), fc.double(), fc.integer({ min: -3, max: 10 }))
const kinds = [
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 4 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
  fc.constantFrom(0, 1),
  wild,
]
/** A column of n rows of one kind, now and then of another length. */
const columnOf = (n: number): fc.Arbitrary<Float64Array> =>
  fc
    .tuple(fc.integer({ min: 0, max: 19 }), fc.constantFrom(...kinds))
    .chain(([odds, kind]) => fc.array(kind, { minLength: odds === 0 ? n + 1 : n, maxLength: odds === 0 ? n + 1 : n }))
    .map((values) => Float64Array.from(values))

/** Tries a call on columns of one length, as many as it takes. */
function tryColumns(columns: number, call: (...columns: Float64Array[]) => unknown, numRuns: number): void {
  const table = fc
    .integer({ min: 0, max: 12 })
    .chain((n) => fc.tuple(...Array.from({ length: columns }, () => columnOf(n))))
  fc.assert(
    fc.property(table, (values) => answers(() => call(...values))),
    { seed: 2026, numRuns },
  )
}

const name = fc.constantFrom('a', 'b', 'c', '', 'constructor', '__proto__')

describe('whatever the columns hold, the answer is finite or an error that names the place', () => {
  it.each<[string, number, (...columns: Float64Array[]) => unknown]>([
    [
      'scoreRfm',
      3,
      (recency, frequency, monetary) =>
        scoring.scoreRfm({ recency: recency!, frequency: frequency!, monetary: monetary! }),
    ],
    [
      'scoreRfm by rank',
      3,
      (recency, frequency, monetary) =>
        scoring.scoreRfm(
          { recency: recency!, frequency: frequency!, monetary: monetary! },
          { ties: 'byRank', bins: 3 },
        ),
    ],
    ['populationDrift', 2, (one, other) => scoring.populationDrift(one!, other!, 4)],
    ['areaUnderRoc', 2, (p, y) => scoring.areaUnderRoc(p!, y!)],
    ['brierScore', 2, (p, y) => scoring.brierScore(p!, y!)],
    ['calibrationTable', 2, (p, y) => scoring.calibrationTable(p!, y!, 3)],
    ['customerSatisfaction', 1, (ratings) => scoring.customerSatisfaction(ratings!)],
    ['netPromoterScore', 1, (ratings) => scoring.netPromoterScore(ratings!)],
    ['customerEffortScore', 1, (ratings) => scoring.customerEffortScore(ratings!)],
    ['pipelineValue', 1, (amounts) => scoring.pipelineValue(amounts!)],
    [
      'differenceInDifferences',
      4,
      (a, b, c, d) => scoring.differenceInDifferences({ before: a!, after: b! }, { before: c!, after: d! }),
    ],
    [
      'differenceInDifferences of samples',
      4,
      (a, b, c, d) =>
        scoring.differenceInDifferences(
          { before: a!, after: b! },
          { before: c!, after: d! },
          { samples: 'independent' },
        ),
    ],
    [
      'relationshipStage',
      4,
      (purchases, probabilityAlive, growth, engagements) => {
        const columns = {
          purchases: purchases!,
          probabilityAlive: probabilityAlive!,
          growth: growth!,
          engagements: engagements!,
        }
        return [scoring.relationshipStage(columns), purchases!.length > 0 && scoring.relationshipReasons(columns, 0)]
      },
    ],
    [
      'churnRisk',
      4,
      (probabilityAlive, silence, usualGap, survival) => {
        const columns = {
          probabilityAlive: probabilityAlive!,
          silence: silence!,
          usualGap: usualGap!,
          survival: survival!,
        }
        return [scoring.churnRisk(columns), silence!.length > 0 && scoring.churnReasons(columns, 0)]
      },
    ],
    [
      'growthMatrix',
      3,
      (value, newMarket, newProduct) =>
        scoring.growthMatrix({ value: value!, newMarket: newMarket!, newProduct: newProduct! }),
    ],
    ['shareOfTop', 1, (value) => scoring.shareOfTop(value!)],
    [
      'expectedRhythm',
      2,
      (frequency, recency) =>
        scoring.expectedRhythm({
          frequency: frequency!,
          recency: recency!,
          productClass: Array.from(frequency!, (_, i) => (i % 2 ? 'tea' : '__proto__')),
        }),
    ],
    [
      'tierMigration',
      2,
      (one, other) =>
        scoring.tierMigration(
          {
            customerIds: Array.from(one!, (_, i) => `${i}`),
            tier: Array.from(one!, () => 'standard' as const),
            netValue: one!,
          },
          {
            customerIds: Array.from(other!, (_, i) => `${i}`),
            tier: Array.from(other!, () => 'below_zero' as const),
            netValue: other!,
          },
        ),
    ],
    [
      'kaplanMeier',
      4,
      (time, event, weight, entry) =>
        scoring.kaplanMeier({ time: time!, event: event!, weight: weight!, entry: entry! }),
    ],
    [
      'kaplanMeier by group',
      3,
      (time, event, group) => scoring.kaplanMeier({ time: time!, event: event!, group: Array.from(group!) }),
    ],
    ['forecastSeries', 1, (values) => scoring.forecastSeries(values!, { period: 2, horizon: 3 })],
    [
      'fitLogisticRegression',
      3,
      (x, y, weight) => {
        const fit = scoring.fitLogisticRegression({ x: x!, columns: ['a'], y: y!, weight: weight! })
        return [fit, scoring.predictLogistic(fit, x!), x!.length > 0 && scoring.logisticReasons(fit, x!, 0)]
      },
    ],
    [
      'fitLogisticRegression with two columns',
      2,
      (x, y) => {
        const fit = scoring.fitLogisticRegression({
          x: x!,
          columns: ['a', 'b'],
          y: y!.subarray(0, x!.length / 2),
          ridge: 1,
        })
        return [fit, scoring.predictLogistic(fit, x!)]
      },
    ],
    [
      'clusterCustomers',
      1,
      (x) => {
        const clusters = scoring.clusterCustomers({ x: x!, columns: ['a', 'b'], k: 3, seed: 1, restarts: 3 })
        return [clusters, clusters.k > 0 && [scoring.clusterReasons(clusters, 0), scoring.assignClusters(clusters, x!)]]
      },
    ],
    [
      'clusterCustomers without standardisation',
      1,
      (x) => scoring.clusterCustomers({ x: x!, columns: ['a'], k: 2, seed: 1, restarts: 2, standardize: false }),
    ],
    [
      'compareClusterCounts',
      1,
      (x) => scoring.compareClusterCounts({ x: x!, columns: ['a'], seed: 1, restarts: 2 }, [1, 2, 20]),
    ],
    [
      'cohortTable',
      2,
      (at, amount) =>
        scoring.cohortTable(
          { customerId: Array.from(at!, (_, i) => i % 3), at: at!, amount: amount! },
          { asOf: '2026-01-31' },
        ),
    ],
  ])('%s', (what, columns, call) => {
    // Dates centuries apart make cohort tables of some 100,000 cells each.
    tryColumns(columns, call, what === 'cohortTable' ? 40 : 150)
  })

  it('every rate and return', () => {
    const rates: ((a: number, b: number, c: number, d: number) => unknown)[] = [
      (stillActive, atStart) => scoring.retentionRate({ stillActive, atStart }),
      (lost, atStart) => scoring.churnRate({ lost, atStart }),
      (won, targeted) => scoring.acquisitionRate({ won, targeted }),
      (gained, lost, atStart) => scoring.netGrowthRate({ gained, lost, atStart }),
      (repeatBuyers, buyers) => scoring.repeatPurchaseRate({ repeatBuyers, buyers }),
      (converted, visitors) => scoring.conversionRate({ converted, visitors }),
      (multiCategory, customers) => scoring.crossSellRate({ multiCategory, customers }),
      (part, total) => scoring.contributionShare({ part, total }),
      (firstContact, resolved) => scoring.firstContactResolution({ firstContact, resolved }),
      (talk, hold, afterWork, handled) => scoring.averageHandlingTime({ talk, hold, afterWork, handled }),
      (responses, delivered) => scoring.responseRate({ responses, delivered }),
      (spend, newCustomers) => scoring.customerAcquisitionCost({ spend, newCustomers }),
      (margin, lifespan, discountRate) => scoring.simpleLifetimeValue({ margin, lifespan, discountRate }),
      (margin, churnRate, discountRate) => scoring.simpleLifetimeValue({ margin, churnRate, discountRate }),
      (acquisitionCost, margin) => scoring.paybackPeriods({ acquisitionCost, margin }),
      (incrementalMargin, cost) => scoring.campaignReturn({ incrementalMargin, cost }),
      (deals, won, closed, cycleLength) =>
        scoring.pipelineVelocity({ deals, won, closed, meanWonAmount: 9, cycleLength }),
    ]
    fc.assert(
      fc.property(wild, wild, wild, wild, (a, b, c, d) => {
        for (const rate of rates) answers(() => rate(a, b, c, d))
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('deals, their history and their forecasts', () => {
    const deal = fc.record(
      {
        amount: fc.oneof(wild, fc.constant(null), fc.integer({ min: 0, max: 1e6 })),
        status: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
        stage: name,
        probability: fc.oneof(wild, fc.double({ min: 0, max: 1, noNaN: true })),
        age: fc.oneof(wild, fc.nat(90)),
        category: fc.constantFrom('commit' as const, 'omitted' as const, 'best_case' as const),
      },
      { requiredKeys: ['amount', 'status'] },
    )
    const history = fc.record({
      outcome: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
      visits: fc.array(fc.record({ stage: name, enteredAt: fc.oneof(wild, fc.nat(5)) }), { maxLength: 3 }),
      until: fc.oneof(wild, fc.integer({ min: 5, max: 50 })),
    })
    const past = fc.array(history, { maxLength: 12 })
    fc.assert(
      fc.property(fc.array(deal, { maxLength: 5 }), past, wild, (deals, visited, horizon) => {
        const clean = visited.filter(
          ({ visits, until }) => until < 1e6 && visits.every(({ enteredAt }) => enteredAt === 0),
        )
        answers(() => scoring.forecastCategories(deals))
        answers(() => scoring.weightedPipeline(deals))
        answers(() => scoring.estimateWinProbability(visited))
        for (const known of [visited, clean]) {
          answers(() => scoring.simulateForecast(deals, { runs: 20, seed: 3, history: known, horizon, target: 10 }))
        }
        answers(() => scoring.winProbability(scoring.estimateWinProbability(clean), 'a', horizon))
      }),
      { seed: 8, numRuns: 200 },
    )
  })

  it('leads by rules', () => {
    const points = fc.oneof(wild, fc.integer({ min: -20, max: 20 }))
    fc.assert(
      fc.property(
        points,
        points,
        points,
        fc.array(fc.record({ code: name, ageDays: wild })),
        name,
        (a, b, c, events, group) => {
          answers(() =>
            scoring.scoreLead(
              {
                fit: [{ code: 'size', attribute: 'size', atLeast: b, points: a, otherwise: c, group }],
                engagement: [{ code: 'a', points: b, group, halfLifeDays: c }],
                limits: { [group]: { least: -5, most: 5 } },
              },
              { attributes: { size: a }, events },
            ),
          )
        },
      ),
      { seed: 9, numRuns: 300 },
    )
  })

  it('paths and baskets', () => {
    const path = fc.record({
      channels: fc.array(name, { maxLength: 4 }),
      value: fc.oneof(wild, fc.nat(3)),
      ages: fc.array(wild),
    })
    const models = ['first', 'last', 'linear', 'position', 'time_decay', 'markov'] as const
    const basket = fc.array(name, { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(path), fc.array(basket), wild, (paths, baskets, threshold) => {
        for (const model of models) answers(() => scoring.attributeConversions(paths, { model, halfLife: threshold }))
        answers(() => scoring.associationRules(baskets, { minSupport: threshold, minConfidence: threshold }))
        answers(() => scoring.associationRules(baskets, { minSupport: 0.2, minConfidence: 0 }))
        for (const measure of ['cosine', 'jaccard', 'lift'] as const) {
          answers(() => scoring.similarItems(baskets, { measure, shrinkage: threshold }))
        }
        const near = scoring.similarItems(baskets, { measure: 'lift' })
        const catalogue = new Map([
          ['a', { category: 'x', price: threshold }],
          ['b', { category: 'x', price: 2 }],
          ['c', { category: 'y', price: 3 }],
        ])
        answers(() => scoring.recommendNext(baskets[0] ?? [], near))
        answers(() => scoring.crossSellList(baskets[0] ?? [], near, catalogue))
        answers(() => scoring.upSellList(baskets[0] ?? [], near, catalogue))
      }),
      { seed: 10, numRuns: 200 },
    )
  })
})
