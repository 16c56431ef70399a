import { describe, expect, it } from 'vitest'
import { computeScores } from './compute-scores.js'
import { rowScore } from './row-scores.js'
import { cdnowPurchases, jobOf, type TestPurchase } from './scoring-job.fixture.js'

const names = { currency: 'USD', minorUnits: 100, items: [] }
/** Purchases up to the day of the papers. */
const calibration = cdnowPurchases().filter(([, day]) => day <= '1997-09-30')
const asOf = '1997-09-30T23:59:59.999Z'

describe('the CDNOW log as of 1997-09-30', async () => {
  const job = jobOf(calibration, { asOf })
  const scores = await computeScores(job)

  it('gives the parameters of Fader, Hardie & Lee (2005) and of note 025, to the digits published', () => {
    expect(scores.customer).toHaveLength(2_357)
    const { bgNbd, mbgNbd, gammaGamma } = scores.fits
    expect([bgNbd.status, mbgNbd.status, gammaGamma.status]).toEqual(['converged', 'converged', 'converged'])
    const { r, alpha, a, b } = bgNbd.params
    expect([r, alpha, a, b].map((value) => value.toFixed(3))).toEqual(['0.243', '4.414', '0.793', '2.426'])
    expect(bgNbd.logLikelihood.toFixed(1)).toBe('-9582.4')
    const { p, q, v } = gammaGamma.params
    expect([p, q, v].map((value) => value.toFixed(2))).toEqual(['6.25', '3.74', '15.44'])
  })

  it('scores every customer by every model with finite numbers, in range, and reasons', () => {
    const ranges = { rfm: [1, 5], churn: [0, 1], relationship: [1, 6], cluster: [1, 6] } as const
    for (const row of scores.customer.keys()) {
      for (const model of ['rfm', 'clv', 'value', 'churn', 'relationship', 'cluster'] as const) {
        const score = rowScore(model, scores, row, names)
        const [least, most] = model in ranges ? ranges[model as keyof typeof ranges] : [0, 1e9]
        expect(score?.value).toBeGreaterThanOrEqual(least)
        expect(score?.value).toBeLessThanOrEqual(most)
        expect(score?.reasons.length).toBeGreaterThan(0)
      }
    }
  })

  it('BG/NBD takes one-time buyers for alive, MBG/NBD does not', async () => {
    const once = scores.summary.frequency.indexOf(0)
    const withBgNbd = await computeScores({ ...job, purchaseModel: 'bg_nbd', models: ['churn'] })
    expect(withBgNbd.predictions?.probabilityAlive[once]).toBe(1)
    expect(scores.predictions?.probabilityAlive[once]).toBeLessThan(1)
  })

  it('limits of the value hold it between them, and narrow with the square root of the number of customers', async () => {
    const { lifetimeValueMinor, limits } = scores.predictions ?? {}
    const width = (low: Float64Array, high: Float64Array): number =>
      high.slice(0, 2_357).reduce((sum, limit, row) => sum + limit - low[row]!, 0)
    for (const [row, value] of lifetimeValueMinor!.entries()) {
      expect(limits!.low[row]).toBeLessThanOrEqual(value)
      expect(limits!.high[row]).toBeGreaterThanOrEqual(value)
    }
    const four = ['', 'b', 'c', 'd'].flatMap((twin) =>
      calibration.map(([customer, day, amount]): TestPurchase => [`${twin}${customer}`, day, amount]),
    )
    const { predictions } = await computeScores(jobOf(four, { asOf, models: ['clv'] }))
    const ratio = width(predictions!.limits!.low, predictions!.limits!.high) / width(limits!.low, limits!.high)
    // One half, up to the chance in which customer is in which group.
    expect(ratio).toBeGreaterThan(0.35)
    expect(ratio).toBeLessThan(0.65)
  }, 60_000)

  it('groups are typical by the geometric mean of 1 + the measure, and everybody is in one', () => {
    const { clusters, silhouette } = scores.groups!
    expect(clusters.sizes.reduce((sum, size) => sum + size, 0)).toBe(2_357)
    expect(silhouette).toBeGreaterThan(0.25)
    const rows = [...clusters.clusterOf.keys()].filter((row) => clusters.clusterOf[row] === 0)
    const typical = Math.exp(
      rows.reduce((sum, row) => sum + Math.log(scores.summary.frequency[row]! + 2), 0) / rows.length,
    )
    const reason = rowScore('cluster', scores, rows[0]!, names)?.reasons.find(
      ({ what }) => what === 'frequency_above_average',
    )
    expect(reason?.effect).toBe('raises')
    expect(reason?.evidence.typicalPurchases).toBeCloseTo(typical - 1, 9)
  })
})

describe('thin logs', () => {
  const asOf = '2026-03-01'

  it.each([
    ['one purchase', [['a', '2026-01-01', 10]]],
    ['a purchase on the last day', [['a', '2026-03-01', 10]]],
    [
      'nobody who came back',
      [
        ['a', '2026-01-01', 10],
        ['b', '2026-01-02', 20],
      ],
    ],
    [
      'gifts alone',
      [
        ['a', '2026-01-01', 0],
        ['a', '2026-01-09', 0],
      ],
    ],
  ] as [string, TestPurchase[]][])('%s gives finite scores or none', async (_, lines) => {
    const job = jobOf(lines, { asOf })
    const scores = await computeScores(job)
    expect(scores.customer).toHaveLength(new Set(lines.map(([customer]) => customer)).size)
    for (const row of scores.customer.keys()) {
      for (const model of job.models) {
        const score = rowScore(model, scores, row, names)
        if (score) expect([model, JSON.stringify(score)]).toEqual([model, expect.not.stringMatching(/null|NaN/)])
      }
    }
  })

  it('a purchase of nothing counts for the rhythm, not for the spend', async () => {
    const paid: TestPurchase[] = [
      ['a', '2026-01-01', 10],
      ['a', '2026-01-15', 30],
      ['b', '2026-01-01', 10],
    ]
    const rfmOf = async (lines: TestPurchase[]): Promise<(number | string | undefined)[]> => {
      const reasons = rowScore('rfm', await computeScores(jobOf(lines, { asOf })), 0, names)?.reasons ?? []
      return ['rfm_frequency', 'rfm_monetary'].map((code) => reasons.find(({ what }) => what === code)?.evidence.value)
    }
    expect(await rfmOf(paid)).toEqual([2, 40])
    expect(await rfmOf([...paid, ['a', '2026-02-01', 0]])).toEqual([3, 40])
  })
})

describe('churn', () => {
  it('the chance to return is that of others after a silence as long, by Kaplan and Meier', async () => {
    // Gaps of 1, 2 and 30 weeks came to an end; silences of 4, 8 and 4 weeks go on.
    const lines: TestPurchase[] = [
      ['a', '2026-01-01', 10],
      ['a', '2026-01-08', 10],
      ['a', '2026-01-22', 10],
      ['b', '2025-05-29', 10],
      ['b', '2025-12-25', 10],
      ['c', '2026-01-22', 10],
    ]
    const { churn } = await computeScores(jobOf(lines, { asOf: '2026-02-19', models: ['churn'] }))
    expect([...churn!.columns.silence]).toEqual([4, 8, 4])
    // S falls to 5/6 at 1 week, 4/6 at 2, 0 at 30. Within 13 weeks of a silence of 4 nobody returned.
    expect([...churn!.columns.survival]).toEqual([0, 0, 0])
    const later = await computeScores(jobOf(lines, { asOf: '2026-07-02', models: ['churn'] }))
    // Silences of 23, 27 and 23 weeks: of those still silent then, all who were seen longer returned at 30.
    expect([...later.churn!.columns.survival]).toEqual([1, 1, 1])
    // Two gaps are a rhythm: a's own is 1.5 weeks. The others take the median of all gaps, 2.
    expect([...churn!.columns.usualGap]).toEqual([1.5, 2, 2])
  })
})

describe('relationship', () => {
  const weekly = (customer: string, from: string, count: number, everyDays: number): TestPurchase[] =>
    Array.from({ length: count }, (_, index): TestPurchase => {
      const day = new Date(Date.parse(from) + index * everyDays * 86_400_000).toISOString().slice(0, 10)
      return [customer, day, 10]
    })
  const shop = [
    ...weekly('grows', '2025-06-01', 4, 30),
    ...weekly('grows', '2025-10-05', 12, 7),
    ...weekly('steady', '2025-06-01', 15, 14),
    ...weekly('gone', '2025-06-01', 10, 4),
    ...weekly('new', '2025-12-20', 1, 1),
  ]

  it('is read from P(alive), the number of purchases, and the last quarter beside the one before', async () => {
    const job = jobOf(shop, { asOf: '2025-12-31', models: ['relationship'] })
    const { relationship } = await computeScores(job)
    expect(job.customerIds).toEqual(['gone', 'grows', 'new', 'steady'])
    expect(relationship?.stage).toEqual(['lost', 'grow', 'acquire', 'mature'])
    // 12 purchases in the last 13 weeks and 2 in the 13 before, one added to both.
    expect(relationship?.columns.growth[1]).toBe(13 / 3)
  })

  it('who is near a threshold stays in the stage before', async () => {
    const job = jobOf(shop, { asOf: '2025-12-31', models: ['relationship'] })
    const previousStage = Int8Array.of(5, 2, 1, 3)
    expect((await computeScores({ ...job, previousStage })).relationship?.columns.previous).toEqual([
      'lost',
      'grow',
      'acquire',
      'mature',
    ])
  })
})

describe('growth', () => {
  it('puts the purchases of the last quarter into the four cells of Ansoff, and each customer into one', async () => {
    const lines: TestPurchase[] = [
      ['a', '2025-09-01', 10, ['tea']],
      ['b', '2025-09-01', 10, ['tea']],
      ['a', '2026-02-01', 20, ['tea']],
      ['a', '2026-02-02', 5, ['lamp']],
      ['b', '2026-02-03', 30, ['lamp', 'tea']],
      ['c', '2026-02-04', 7, ['tea']],
      ['d', '2026-02-05', 50, ['lamp']],
      ['e', '2025-09-02', 99, ['tea']],
    ]
    const job = jobOf(lines, { asOf: '2026-03-01', models: ['growth'] })
    const scores = await computeScores(job)
    const value = Object.entries(scores.growth!.cells).map(([cell, { value, rows }]) => [cell, value, rows])
    expect(value).toEqual([
      ['market_penetration', 20, 1],
      ['market_development', 7, 1],
      ['product_development', 35, 2],
      ['diversification', 50, 1],
    ])
    const scored = [0, 1, 2, 3, 4].map((row) => rowScore('growth', scores, row, { ...names, items: job.items }))
    expect(scored.map((score) => score?.label)).toEqual([
      'market_penetration',
      'product_development',
      'market_development',
      'diversification',
      undefined,
    ])
    expect(scored[0]).toMatchObject({
      value: 2_500,
      reasons: [{ what: 'known_customer' }, { what: 'new_items', evidence: { bought: 2_500, boughtNew: 500 } }],
    })
  })

  it('says nothing of a log that is younger than a quarter', async () => {
    const job = jobOf([['a', '2026-02-01', 1, ['tea']]], { asOf: '2026-03-01', models: ['growth'] })
    expect((await computeScores(job)).growth).toBeUndefined()
  })
})

describe('next purchase', () => {
  it('recommends what owners of the same items have, with the pair that says so', async () => {
    const lines: TestPurchase[] = [
      ['a', '2026-01-01', 1, ['tea', 'pot']],
      ['b', '2026-01-01', 1, ['tea']],
      ['b', '2026-01-05', 1, ['pot']],
      ['c', '2026-01-01', 1, ['tea', 'cup']],
      ['d', '2026-01-01', 1, ['tea']],
      ['e', '2026-01-01', 1],
    ]
    const job = jobOf(lines, { asOf: '2026-03-01', models: ['next_purchase'] })
    const scores = await computeScores(job)
    const scored = [0, 1, 2, 3, 4].map((row) => rowScore('next_purchase', scores, row, { ...names, items: job.items }))
    // tea and pot: 2 / sqrt(4 * 2), shrunk by 2 / (2 + 5).
    const similarity = (2 / Math.sqrt(8)) * (2 / 7)
    expect(scored[3]?.value).toBeCloseTo(similarity, 12)
    expect(scored[3]).toMatchObject({
      label: 'pot',
      reasons: [{ what: 'bought_together', effect: 'raises', evidence: { owned: 'tea', count: 2 } }],
      parameters: { items: [{ item: 'pot' }, { item: 'cup' }] },
    })
    expect(scored[0]?.label).toBe('cup')
    expect(scored[4]).toBeUndefined()
  })
})
