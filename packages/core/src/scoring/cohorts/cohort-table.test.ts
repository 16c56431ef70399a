import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Transaction } from '../summary/transaction-log.js'
import { cohortTable } from './cohort-table.js'
import reference from './reference-data/cdnow-monthly-cohorts.json' with { type: 'json' }

/** Months in which the customers of the CDNOW sample bought: bit m of the hexadecimal number is month m from 1997-01. */
function cdnowPurchases(): Transaction[] {
  const lines = readFileSync(new URL('./reference-data/cdnow-active-months.csv', import.meta.url), 'utf8')
  const purchases: Transaction[] = []
  let customer = 0
  for (const line of lines.trim().split('\n').slice(1)) {
    const [months = '', customers] = line.split(',')
    for (let i = 0; i < Number(customers); i++, customer++) {
      for (let month = 0; month < 18; month++) {
        if (!((Number.parseInt(months, 16) >> month) & 1)) continue
        const name = `${1997 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
        purchases.push({ customerId: customer, at: `${name}-28` })
      }
    }
  }
  return purchases
}

describe('cohortTable on the CDNOW sample, against independent counts', () => {
  const { cohorts, lastPeriodPartial } = cohortTable(cdnowPurchases(), { asOf: '1998-06-30' })

  it('counts the active customers of each monthly cohort, with no cells beyond the end', () => {
    expect(cohorts.map(({ period }) => period)).toEqual(Object.keys(reference))
    Object.values(reference).forEach((expected, i) => {
      expect(cohorts[i]!.active).toEqual(expected.slice(0, 18 - i))
      expect(cohorts[i]!.customers).toBe(expected[0])
      expect(cohorts[i]!.activeShare[5]).toBe(expected[5]! / expected[0]!)
    })
    expect(lastPeriodPartial).toBe(false)
    expect(cohorts[0]!.revenue).toBeUndefined()
  })

  it('tells who ever returned from who is active', () => {
    for (const { active, returned, customers } of cohorts) {
      expect(returned[0]).toBe(0)
      expect(returned[1]).toBe(active[1])
      returned.forEach((count, k) => {
        expect(count).toBeGreaterThanOrEqual(k > 0 ? Math.max(returned[k - 1]!, active[k]!) : 0)
        expect(count).toBeLessThanOrEqual(customers)
      })
    }
  })
})

describe('cohortTable by hand', () => {
  const log: Transaction[] = [
    { customerId: 'a', at: '2026-01-10', amount: 100 },
    { customerId: 'a', at: '2026-01-20', amount: 20 },
    { customerId: 'a', at: '2026-03-05', amount: 50 },
    { customerId: 'a', at: '2026-03-06', amount: -50 },
    { customerId: 'b', at: '2026-03-01', amount: 30 },
    { customerId: 'b', at: '2026-01-31', amount: 0 },
    { customerId: 'c', at: '2026-02-01', amount: 10 },
    { customerId: 'c', at: '2026-02-01', amount: -10 },
    { customerId: 'd', at: '2026-05-01', amount: 10 },
  ]

  it('counts customers, shares, returns and revenue, refunds taken off', () => {
    expect(cohortTable(log, { asOf: '2026-04-15' })).toEqual({
      cohorts: [
        {
          period: '2026-01',
          customers: 2,
          active: [2, 0, 2, 0],
          activeShare: [1, 0, 1, 0],
          returned: [0, 0, 2, 2],
          revenue: [120, 0, 30, 0],
        },
      ],
      lastPeriodPartial: true,
      transactionsAfterEnd: 1,
    })
  })

  it('reads quarters and weeks, in the time zone of the merchant', () => {
    expect(cohortTable(log, { asOf: '2026-06-30', period: 'quarter' })).toMatchObject({
      cohorts: [
        { period: '2026-Q1', active: [2, 0] },
        { period: '2026-Q2', active: [1] },
      ],
      lastPeriodPartial: false,
    })
    const late = [{ customerId: 1, at: '2026-03-01T23:30:00Z' }]
    const week = { asOf: '2026-03-08', period: 'week' } as const
    expect(cohortTable(late, week).cohorts[0]!.period).toBe('2026-02-23')
    expect(cohortTable(late, { ...week, timeZone: 'Europe/Berlin' }).cohorts[0]!.period).toBe('2026-03-02')
    expect(cohortTable(late, week)).toMatchObject({ lastPeriodPartial: false })
  })

  it('defines nobody, and names what cannot be', () => {
    expect(cohortTable([], { asOf: '2026-01-01' }).cohorts).toEqual([])
    expect(() => cohortTable(log, { asOf: 'soon' })).toThrow(/^asOf/)
    expect(() => cohortTable(log, { asOf: '2026-01-01', timeZone: 'Mars/Base' })).toThrow(/^timeZone/)
    expect(() => cohortTable(log, { asOf: '2026-01-01', period: 'day' as 'week' })).toThrow(TypeError)
    expect(() => cohortTable([{ customerId: 1, at: '2026-02-30' }], { asOf: '2026-03-01' })).toThrow(/at, row 0/)
    const ages = Array.from({ length: 400 }, (_, i) => ({ customerId: i, at: `0${100 + i}-01-01` }))
    expect(() => cohortTable(ages, { asOf: '9999-01-01', period: 'week' })).toThrow(/more than 2000000 cells/)
  })

  it('counts everybody once, before the epoch too', () => {
    const purchase = fc.record({
      customerId: fc.nat(5),
      at: fc.integer({ min: -1e12, max: 1e12 }),
      amount: fc.integer({ min: -5, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(purchase), fc.constantFrom('month', 'quarter', 'week'), (purchases, period) => {
        const { cohorts } = cohortTable(purchases, { asOf: 1e12, period })
        for (const { customers, active, returned, revenue } of cohorts) {
          expect(active[0]).toBe(customers)
          expect([...active, ...returned, ...revenue!].every(Number.isFinite)).toBe(true)
          expect(Math.max(...active, ...returned)).toBeLessThanOrEqual(customers)
        }
        const buyers = new Set(purchases.filter(({ amount }) => amount >= 0).map(({ customerId }) => customerId))
        expect(cohorts.reduce((sum, { customers }) => sum + customers, 0)).toBeLessThanOrEqual(buyers.size)
      }),
      { seed: 2 },
    )
  })
})
