import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  acquisitionRate,
  averageHandlingTime,
  churnRate,
  contributionShare,
  conversionRate,
  crossSellRate,
  firstContactResolution,
  netGrowthRate,
  repeatPurchaseRate,
  retentionRate,
} from './customer-rates.js'
import { differenceInDifferences } from './difference-in-differences.js'
import { campaignReturn, customerAcquisitionCost, paybackPeriods, simpleLifetimeValue } from './marketing-returns.js'
import { pipelineValue, pipelineVelocity } from './pipeline-flow.js'
import { customerEffortScore, customerSatisfaction, netPromoterScore, responseRate } from './survey-indicators.js'

describe('survey indicators', () => {
  it('CSAT is the top two of the respondents, with the interval of Wilson', () => {
    // 81 of 263: 0.2553 to 0.3662 in Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    const ratings = Array.from({ length: 263 }, (_, i) => (i < 40 ? 5 : i < 81 ? 4 : 3))
    const csat = customerSatisfaction(ratings)
    expect(csat.value).toBe(81 / 263)
    expect(csat.interval?.low).toBeCloseTo(0.2553, 4)
    expect(csat.interval?.high).toBeCloseTo(0.3662, 4)
    expect(csat.reasons).toEqual([{ what: 'csat', effect: 'neutral', evidence: { numerator: 81, denominator: 263 } }])
    // 15 of 148: 0.0624 to 0.1605; 0 of 20: 0 to 0.1611, in the same table.
    const few = customerSatisfaction(Array.from({ length: 148 }, (_, i) => (i < 15 ? 5 : 1)))
    expect([few.interval?.low.toFixed(4), few.interval?.high.toFixed(4)]).toEqual(['0.0624', '0.1605'])
    const none = customerSatisfaction(new Array(20).fill(1))
    expect(none.interval?.low).toBe(0)
    expect(none.interval?.high).toBeCloseTo(0.1611, 4)
    expect(customerSatisfaction([7, 6, 5], { best: 7 }).value).toBe(2 / 3)
  })

  it('NPS is promoters less detractors, with the interval of a trinomial', () => {
    // 5 promoters, 3 passives, 2 detractors: 100 (5 - 2) / 10 = 30; variance (0.5 + 0.2 - 0.3^2) / 10 = 0.061.
    const nps = netPromoterScore([10, 10, 9, 9, 9, 8, 7, 7, 6, 0])
    expect(nps.value).toBe(30)
    expect(nps.interval?.low).toBeCloseTo(30 - 195.9963984540054 * Math.sqrt(0.061), 10)
    expect(nps.interval?.high).toBeCloseTo(30 + 195.9963984540054 * Math.sqrt(0.061), 10)
    expect(nps.reasons[0]?.evidence).toEqual({ promoters: 5, passives: 3, detractors: 2 })
    expect(netPromoterScore([9, 9]).interval).toEqual({ low: 100, high: 100 })
  })

  it('CES is the mean agreement', () => {
    // Mean of 7 6 5 2 = 5; squares 4 + 1 + 0 + 9 = 14; variance 14/3; standard error sqrt(14/12) = 1.0801.
    const ces = customerEffortScore([7, 6, 5, 2])
    expect(ces.value).toBe(5)
    expect(ces.interval?.low).toBeCloseTo(5 - 1.959963984540054 * 1.0801234497346435, 10)
    expect(ces.interval?.high).toBe(7)
    expect(customerEffortScore([4]).interval).toBeUndefined()
  })

  it('response rate is responses of those delivered', () => {
    expect(responseRate({ responses: 45, delivered: 180 }).value).toBe(0.25)
  })
})

describe('customer rates', () => {
  it('retention counts the starting customers who are still active, and churn is the rest', () => {
    // 200 at the start, 30 lost, 50 new: 220 at the end is 110 % of the start, yet retention is 170 / 200.
    expect(retentionRate({ stillActive: 170, atStart: 200 }).value).toBe(0.85)
    expect(churnRate({ lost: 30, atStart: 200 }).value).toBe(0.15)
    expect(netGrowthRate({ gained: 50, lost: 30, atStart: 200 }).value).toBe(0.1)
  })

  it('acquisition, repeat, conversion and cross-sell rates have the denominators they claim', () => {
    expect(acquisitionRate({ won: 12, targeted: 400 }).value).toBe(0.03)
    expect(repeatPurchaseRate({ repeatBuyers: 946, buyers: 2357 }).value).toBeCloseTo(0.40135766, 8)
    expect(conversionRate({ converted: 21, visitors: 840 }).value).toBe(0.025)
    expect(crossSellRate({ multiCategory: 30, customers: 80 }).value).toBe(0.375)
  })

  it('contribution share takes losses', () => {
    expect(contributionShare({ part: 30, total: 120 }).value).toBe(0.25)
    expect(contributionShare({ part: -30, total: 120 }).value).toBe(-0.25)
    expect(contributionShare({ part: 30, total: -120 }).value).toBeUndefined()
  })

  it('first-contact resolution and handling time', () => {
    expect(firstContactResolution({ firstContact: 63, resolved: 90 }).value).toBe(0.7)
    // 5400 s talk, 600 s hold, 1200 s after-work over 20 contacts: 7200 / 20.
    expect(averageHandlingTime({ talk: 5400, hold: 600, afterWork: 1200, handled: 20 }).value).toBe(360)
  })
})

describe('marketing returns', () => {
  it('CAC, payback and return', () => {
    expect(customerAcquisitionCost({ spend: 12_000, newCustomers: 80 }).value).toBe(150)
    expect(paybackPeriods({ acquisitionCost: 150, margin: 25 }).value).toBe(6)
    expect(paybackPeriods({ acquisitionCost: 150, margin: 0 }).value).toBeUndefined()
    expect(campaignReturn({ incrementalMargin: 6500, cost: 5000 }).value).toBeCloseTo(0.3, 12)
    expect(campaignReturn({ incrementalMargin: 0, cost: 5000 }).value).toBe(-1)
  })

  it('simple CLV discounts margins over a lifespan or under churn', () => {
    // 100 at the end of years 1, 2, 3 at 10 %: 90.909 + 82.645 + 75.131.
    expect(simpleLifetimeValue({ margin: 100, lifespan: 3, discountRate: 0.1 }).value).toBeCloseTo(248.685199, 6)
    expect(simpleLifetimeValue({ margin: 100, lifespan: 3 }).value).toBe(300)
    expect(simpleLifetimeValue({ margin: 100, churnRate: 0.25 }).value).toBe(400)
    // The margin multiple of Gupta & Lehmann at 90 % retention and 12 %: 4.09; theirs starts one retention later.
    expect(0.9 * simpleLifetimeValue({ margin: 1, churnRate: 0.1, discountRate: 0.12 }).value!).toBeCloseTo(4.09, 2)
    // The sum itself: 100 x 0.8^(t-1) / 1.05^t over 400 periods.
    let sum = 0
    for (let t = 1; t <= 400; t++) sum += (100 * 0.8 ** (t - 1)) / 1.05 ** t
    expect(simpleLifetimeValue({ margin: 100, churnRate: 0.2, discountRate: 0.05 }).value).toBeCloseTo(sum, 9)
  })

  it('simple CLV refuses lifespan and churn together', () => {
    const both = { margin: 100, lifespan: 3, churnRate: 0.2 } as unknown as { margin: number; lifespan: number }
    expect(() => simpleLifetimeValue(both)).toThrow(/lifespan or churnRate/)
    expect(() => simpleLifetimeValue({ margin: 100 } as { margin: number; lifespan: number })).toThrow(TypeError)
    expect(() => simpleLifetimeValue({ margin: 100, churnRate: 20 })).toThrow(/ratio/)
    expect(simpleLifetimeValue({ margin: 100, churnRate: 0 }).value).toBeUndefined()
  })
})

describe('pipeline flow', () => {
  it('value and velocity', () => {
    expect(pipelineValue([100, 250, 50]).value).toBe(400)
    // 60 deals x 12/48 x 2000 / 30 days = 1000 a day.
    const velocity = pipelineVelocity({ deals: 60, won: 12, closed: 48, meanWonAmount: 2000, cycleLength: 30 })
    expect(velocity.value).toBe(1000)
    expect(pipelineVelocity({ deals: 60, won: 0, closed: 0, meanWonAmount: 0, cycleLength: 30 }).reasons[0]?.what).toBe(
      'win_rate_undefined',
    )
  })
})

describe('differenceInDifferences', () => {
  const treated = { before: [10, 12, 14], after: [15, 16, 20] }
  const control = { before: [9, 11], after: [10, 14] }

  it('subtracts the change of the control group, customer by customer', () => {
    // Changes 5 4 6 (mean 5, variance 1) and 1 3 (mean 2, variance 2): 5 - 2, error sqrt(1/3 + 2/2).
    const effect = differenceInDifferences(treated, control)
    expect(effect.value).toBe(3)
    expect(effect.standardError).toBeCloseTo(Math.sqrt(4 / 3), 12)
    expect(effect.interval?.low).toBeCloseTo(3 - 1.959963984540054 * Math.sqrt(4 / 3), 12)
  })

  it('sums four variances for independent samples', () => {
    // Variances: 4 and 7 over 3 rows (after: mean 17, squares 4 + 1 + 9 = 14, / 2), 2 and 8 over 2 rows.
    const effect = differenceInDifferences(treated, control, { samples: 'independent' })
    expect(effect.value).toBe(3)
    expect(effect.standardError).toBeCloseTo(Math.sqrt(4 / 3 + 7 / 3 + 2 / 2 + 8 / 2), 12)
  })

  it('covers the true effect as often as it says', () => {
    let state = 12345
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return (state + 0.5) / 2 ** 32
    }
    const noise = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
    let covered = 0
    for (let run = 0; run < 1000; run++) {
      const group = (effect: number) => {
        const before = Array.from({ length: 60 }, () => 50 + 10 * noise())
        return { before, after: before.map((value) => value + 3 + effect + 4 * noise()) }
      }
      const { interval } = differenceInDifferences(group(2), group(0))
      if (interval && interval.low <= 2 && interval.high >= 2) covered++
    }
    // 950 expected, standard deviation 7.
    expect(covered).toBeGreaterThan(925)
    expect(covered).toBeLessThan(975)
  })

  it('has no value without a group and no error for one row', () => {
    expect(differenceInDifferences({ before: [], after: [] }, control).value).toBeUndefined()
    const one = differenceInDifferences({ before: [1], after: [4] }, control)
    expect([one.value, one.standardError, one.interval]).toEqual([1, undefined, undefined])
    expect(() => differenceInDifferences({ before: [1], after: [1, 2] }, control)).toThrow(
      /treated.after: .*2 rows where treated.before has 1/,
    )
  })
})

describe('every indicator', () => {
  const empty = [
    customerSatisfaction([]),
    netPromoterScore([]),
    customerEffortScore([]),
    responseRate({ responses: 0, delivered: 0 }),
    retentionRate({ stillActive: 0, atStart: 0 }),
    churnRate({ lost: 0, atStart: 0 }),
    acquisitionRate({ won: 0, targeted: 0 }),
    netGrowthRate({ gained: 3, lost: 0, atStart: 0 }),
    repeatPurchaseRate({ repeatBuyers: 0, buyers: 0 }),
    conversionRate({ converted: 0, visitors: 0 }),
    crossSellRate({ multiCategory: 0, customers: 0 }),
    contributionShare({ part: 1, total: 0 }),
    customerAcquisitionCost({ spend: 100, newCustomers: 0 }),
    paybackPeriods({ acquisitionCost: 0, margin: 0 }),
    campaignReturn({ incrementalMargin: 5, cost: 0 }),
    firstContactResolution({ firstContact: 0, resolved: 0 }),
    averageHandlingTime({ talk: 0, handled: 0 }),
    pipelineVelocity({ deals: 1, won: 1, closed: 1, meanWonAmount: 1, cycleLength: 0 }),
  ]

  it.each(empty.map((result) => [result.reasons[0]!.what, result] as const))('%s has a reason', (what, result) => {
    expect(result.value).toBeUndefined()
    expect(result.interval).toBeUndefined()
    expect(what).toMatch(/_undefined$/)
  })

  it('says in its comment what divides what, where it comes from and what it hides', () => {
    const folder = new URL('./', import.meta.url)
    const documented = readdirSync(folder)
      .filter((file) => /^(survey|customer|marketing|pipeline|difference|attribution)[^.]*\.ts$/.test(file))
      .flatMap((file) => [
        ...readFileSync(new URL(file, folder), 'utf8').matchAll(/(\/\*\*(?:(?!\*\/).)*\*\/)\nexport function (\w+)/gs),
      ])
    expect(documented.map(([, , name]) => name)).toHaveLength(22)
    for (const [, comment = '', name] of documented) {
      expect(comment, `formula or denominator of ${name}`).toMatch(/ \/ |\/ n|Denominator: none|: mean|by means|m \(1/)
      expect(comment, `source of ${name}`).toMatch(
        /et al\.|Standard Definitions|\d{4}|practice|[Dd]efinition of this package|Source and flaw as there|Definition as in/,
      )
      expect(comment, `flaw of ${name}`).toMatch(/[Ff]law/)
    }
  })

  it('names bad input by column and row', () => {
    expect(() => customerSatisfaction([5, 6])).toThrow(/ratings, row 1: .*from 1 to 5/)
    expect(() => netPromoterScore([Number.NaN])).toThrow(/ratings, row 0/)
    expect(() => retentionRate({ stillActive: 5, atStart: 4 })).toThrow(/stillActive: more than atStart/)
    expect(() => conversionRate({ converted: -1, visitors: 4 })).toThrow(/converted: not a finite number from 0/)
    expect(() => campaignReturn({ incrementalMargin: Number.NaN, cost: 4 })).toThrow(/incrementalMargin/)
    expect(() => pipelineValue([1, Infinity])).toThrow(/openAmounts, row 1/)
  })

  it('gives a finite number or none', () => {
    const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(amount, amount, fc.array(fc.integer({ min: 1, max: 5 })), (one, other, ratings) => {
        const [part, whole] = [Math.min(one, other), Math.max(one, other)]
        const results = [
          retentionRate({ stillActive: part, atStart: whole }),
          contributionShare({ part: -one, total: other }),
          paybackPeriods({ acquisitionCost: one, margin: other }),
          simpleLifetimeValue({ margin: one, lifespan: other, discountRate: part }),
          averageHandlingTime({ talk: one, handled: other }),
          customerSatisfaction(ratings),
          netPromoterScore(ratings),
          customerEffortScore(ratings),
        ]
        for (const { value, interval } of results) {
          expect(value === undefined || Number.isFinite(value)).toBe(true)
          if (!interval || value === undefined) continue
          expect(interval.low).toBeLessThanOrEqual(value + 1e-12)
          expect(interval.high).toBeGreaterThanOrEqual(value - 1e-12)
        }
      }),
      { seed: 3 },
    )
  })
})
