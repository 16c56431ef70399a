import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ScoringInputError } from '../scoring-input-error.js'
import { summarizeTransactions } from './summarize-transactions.js'
import type { Transaction } from './transaction-log.js'

/** The first three customers of the CDNOW sample, master ids 4, 18 and 21, with all their purchases. */
const CDNOW_FIRST: Transaction[] = [
  { customerId: '1', at: '1997-01-01', amount: 29.33 },
  { customerId: '1', at: '1997-01-18', amount: 29.73 },
  { customerId: '1', at: '1997-08-02', amount: 14.96 },
  { customerId: '1', at: '1997-12-12', amount: 26.48 },
  { customerId: '2', at: '1997-01-01', amount: 63.34 },
  { customerId: '2', at: '1997-01-13', amount: 11.77 },
  { customerId: '3', at: '1997-01-01', amount: 6.79 },
]
const CALIBRATION = { unit: 'week', calibrationEnd: '1997-09-30', observationEnd: '1998-06-30' } as const

describe('summarizeTransactions', () => {
  it('gives the first CDNOW customers their published summary', () => {
    const summary = summarizeTransactions(CDNOW_FIRST, CALIBRATION)
    expect(summary.customerIds).toEqual(['1', '2', '3'])
    expect([...summary.frequency]).toEqual([2, 1, 0])
    // Fader & Hardie's file: 30.43, 1.71 and 38.86 weeks.
    expect([...summary.recency].map((t) => t.toFixed(2))).toEqual(['30.43', '1.71', '0.00'])
    expect([...summary.age].map((t) => t.toFixed(2))).toEqual(['38.86', '38.86', '38.86'])
    expect(summary.monetaryValue![0]).toBeCloseTo(22.345, 12)
    expect(summary.monetaryValue![1]).toBeCloseTo(11.77, 12)
    expect([...summary.holdout!.frequency]).toEqual([1, 0, 0])
    expect(summary.holdout!.monetaryValue![0]).toBeCloseTo(26.48, 12)
    expect(summary.holdout!.duration).toBe(39)
    expect(summary.totalSpend![0]).toBeCloseTo(74.02, 12)
  })

  it('reads columns as it reads rows', () => {
    const columns = {
      customerId: CDNOW_FIRST.map((t) => t.customerId),
      at: CDNOW_FIRST.map((t) => t.at),
      amount: CDNOW_FIRST.map((t) => t.amount!),
    }
    expect(summarizeTransactions(columns, CALIBRATION)).toEqual(summarizeTransactions(CDNOW_FIRST, CALIBRATION))
  })

  it('collapses a day, drops days that refunds take back, counts gifts, and leaves out who has nothing left', () => {
    const summary = summarizeTransactions(
      [
        { customerId: 'b', at: '2026-01-10', amount: 5 },
        { customerId: 'a', at: '2026-01-01', amount: 10 },
        { customerId: 'a', at: '2026-01-01', amount: 7 },
        { customerId: 'a', at: '2026-01-03', amount: 9 },
        { customerId: 'a', at: '2026-01-03', amount: -9 },
        { customerId: 'a', at: '2026-01-05', amount: 4 },
        { customerId: 'gift', at: '2026-01-05', amount: 0 },
        { customerId: 'refunded', at: '2026-01-05', amount: 0.1 },
        { customerId: 'refunded', at: '2026-01-05', amount: 0.2 },
        { customerId: 'refunded', at: '2026-01-05', amount: -0.3 },
        { customerId: 'late', at: '2026-02-05', amount: 4 },
      ],
      { unit: 'day', observationEnd: '2026-01-31' },
    )
    expect(summary.customerIds).toEqual(['b', 'a', 'gift'])
    expect([...summary.frequency]).toEqual([0, 1, 0])
    expect([...summary.recency]).toEqual([0, 4, 0])
    expect([...summary.age]).toEqual([21, 30, 26])
    expect([...summary.monetaryValue!]).toEqual([0, 4, 0])
    expect([...summary.totalSpend!]).toEqual([5, 21, 0])
    expect(summary.excluded).toEqual({ transactionsAfterEnd: 1, refundedDays: 2 })
    expect(summary.holdout).toBeUndefined()
  })

  it('counts every day where no amounts are given', () => {
    const summary = summarizeTransactions(
      [
        { customerId: 1, at: '2026-01-01' },
        { customerId: 1, at: '2026-03-01' },
      ],
      { unit: 'month', observationEnd: '2026-03-01' },
    )
    expect(summary.monetaryValue).toBeUndefined()
    expect(summary.recency[0]).toBeCloseTo(59 / 30.4375, 14)
  })

  it('puts an instant on the day of the merchant', () => {
    const nightOwl: Transaction[] = [
      { customerId: 'a', at: '2026-03-01T23:30:00.000Z' },
      { customerId: 'a', at: Date.parse('2026-03-02T12:00:00Z') },
      { customerId: 'a', at: '2026-03-02T01:00:00+01:00' },
    ]
    const end = { unit: 'day', observationEnd: '2026-03-31' } as const
    expect(summarizeTransactions(nightOwl, end).frequency[0]).toBe(1)
    expect(summarizeTransactions(nightOwl, { ...end, timeZone: 'Europe/Berlin' }).frequency[0]).toBe(0)
    expect(summarizeTransactions(nightOwl, { ...end, timeZone: 'America/New_York' }).frequency[0]).toBe(1)
    expect(summarizeTransactions(nightOwl, { ...end, timeZone: 'America/New_York' }).age[0]).toBe(30)
  })

  it('reads dates before the epoch and of far years', () => {
    const summary = summarizeTransactions(
      [
        { customerId: 'a', at: '1969-12-30' },
        { customerId: 'a', at: '1970-01-02' },
        { customerId: 'b', at: '1899-12-31' },
        { customerId: 'b', at: '9999-12-31' },
      ],
      { unit: 'day', observationEnd: '9999-12-31' },
    )
    expect([...summary.recency]).toEqual([3, 2_958_464])
  })

  it.each([
    ['2026-02-29', 'at, row 1'],
    ['2026-13-01', 'at, row 1'],
    ['yesterday', 'at, row 1'],
    ['2026-01-01T25:00:00.000Z', 'at, row 1'],
    ['2026-01-01T10:00:00 or so', 'at, row 1'],
    [Number.NaN, 'at, row 1'],
    [Number.POSITIVE_INFINITY, 'at, row 1'],
  ])('refuses the moment %s by row', (at, place) => {
    const rows: Transaction[] = [
      { customerId: 'a', at: '2026-01-01' },
      { customerId: 'a', at },
    ]
    const attempt = () => summarizeTransactions(rows, { unit: 'day', observationEnd: '2026-12-31' })
    expect(attempt).toThrow(ScoringInputError)
    expect(attempt).toThrow(`${place}: the moment of the purchase is not a date that exists. Give`)
  })

  it('refuses bad ids, amounts, ends, zones and units by name', () => {
    const options = { unit: 'day', observationEnd: '2026-12-31' } as const
    const at = '2026-01-01'
    const errorOf = (work: () => unknown): unknown => {
      try {
        return work()
      } catch (error) {
        return error
      }
    }
    expect(errorOf(() => summarizeTransactions([{ customerId: '', at }], options))).toMatchObject({
      code: 'validation_failed',
      column: 'customerId',
      row: 0,
    })
    expect(errorOf(() => summarizeTransactions([{ customerId: 'a', at, amount: Number.NaN }], options))).toMatchObject({
      column: 'amount',
      row: 0,
    })
    expect(
      errorOf(() =>
        summarizeTransactions(
          [
            { customerId: 'a', at, amount: 1 },
            { customerId: 'a', at },
          ],
          options,
        ),
      ),
    ).toMatchObject({ column: 'amount', row: 1 })
    expect(errorOf(() => summarizeTransactions({ customerId: ['a'], at: [] }, options))).toMatchObject({ column: 'at' })
    expect(errorOf(() => summarizeTransactions([], { ...options, observationEnd: 'never' }))).toMatchObject({
      column: 'observationEnd',
    })
    expect(errorOf(() => summarizeTransactions([], { ...options, calibrationEnd: '2027-01-01' }))).toMatchObject({
      column: 'calibrationEnd',
    })
    expect(errorOf(() => summarizeTransactions([], { ...options, timeZone: 'Mars/Olympus' }))).toMatchObject({
      column: 'timeZone',
    })
    expect(errorOf(() => summarizeTransactions([], { ...options, unit: 'fortnight' as 'day' }))).toBeInstanceOf(
      TypeError,
    )
  })

  it('orders a long history, and keeps each amount with its day', () => {
    // 7 is prime to 100: every day from 0 to 99 occurs once, in scattered order, with its number plus one as amount.
    const scattered = Array.from({ length: 100 }, (_, i) => (i * 7) % 100)
    const rows = scattered.map((day) => ({ customerId: 'a', at: day * 86_400_000, amount: day + 1 }))
    const summary = summarizeTransactions(rows, {
      unit: 'day',
      calibrationEnd: '1970-02-19',
      observationEnd: '1970-04-30',
    })
    expect([summary.frequency[0], summary.recency[0], summary.holdout!.frequency[0]]).toEqual([49, 49, 50])
    expect(summary.monetaryValue![0]).toBe((2 + 50) / 2)
    expect(summary.holdout!.monetaryValue![0]).toBe((51 + 100) / 2)
  })

  it('gives empty columns for an empty log', () => {
    const summary = summarizeTransactions([], { unit: 'day', observationEnd: '2026-12-31' })
    expect(summary.customerIds).toEqual([])
    expect(summary.frequency).toHaveLength(0)
  })

  it('takes ids that are names of object members for ids', () => {
    const rows = ['__proto__', 'constructor', '0', '__proto__'].map((customerId, i) => ({
      customerId,
      at: `2026-01-0${i + 1}`,
    }))
    const summary = summarizeTransactions(rows, { unit: 'day', observationEnd: '2026-01-31' })
    expect(summary.customerIds).toEqual(['__proto__', 'constructor', '0'])
    expect([...summary.frequency]).toEqual([1, 0, 0])
  })

  it('agrees with a count by hand in any order of rows', () => {
    const purchase = fc.record({
      customerId: fc.constantFrom('a', 'b', 'c'),
      day: fc.integer({ min: 1, max: 28 }),
      amount: fc.integer({ min: -20, max: 50 }),
    })
    fc.assert(
      fc.property(fc.array(purchase, { maxLength: 80 }), (purchases) => {
        const at = (day: number) => `2026-01-${String(day).padStart(2, '0')}`
        const summary = summarizeTransactions(
          purchases.map(({ customerId, day, amount }) => ({ customerId, at: at(day), amount })),
          { unit: 'day', calibrationEnd: at(14), observationEnd: at(28) },
        )
        const byHand = new Map<string, Map<number, number>>()
        const withRefund = new Set<string>()
        for (const { customerId, day, amount } of purchases) {
          const days = byHand.get(customerId) ?? new Map<number, number>()
          byHand.set(customerId, days.set(day, (days.get(day) ?? 0) + amount))
          if (amount < 0) withRefund.add(`${customerId}/${day}`)
        }
        const expected = [...byHand].flatMap(([customerId, days]) => {
          const kept = [...days]
            .filter(([day, net]) => net > 0 || !withRefund.has(`${customerId}/${day}`))
            .map(([day]) => day)
          const past = kept.filter((day) => day <= 14).sort((one, other) => one - other)
          const [first] = past
          if (first === undefined) return []
          const repeat = past.slice(1).map((day) => days.get(day)!)
          return [
            {
              customerId,
              x: repeat.length,
              t: past.at(-1)! - first,
              T: 14 - first,
              m: repeat.length === 0 ? 0 : repeat.reduce((sum, net) => sum + net, 0) / repeat.length,
              later: kept.length - past.length,
            },
          ]
        })
        expect(
          summary.customerIds.map((customerId, row) => ({
            customerId,
            x: summary.frequency[row],
            t: summary.recency[row],
            T: summary.age[row],
            m: summary.monetaryValue?.[row],
            later: summary.holdout?.frequency[row],
          })),
        ).toEqual(expected)
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})
