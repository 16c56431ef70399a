import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scoreCustomers } from './customer-scores.js'
import type { PurchaseLog } from './purchase-log.js'

/** The CDNOW sample as the demo imports it: dollars, one line a purchase. */
function cdnowLog(): PurchaseLog {
  const file = new URL('../../../../../examples/shop-demo/data/cdnow_sample.csv', import.meta.url)
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  const rows = lines.map((line) => line.split(',') as [string, string, string, string, string])
  return {
    customerId: rows.map(([, customer]) => customer),
    at: rows.map(([, , date]) => `${date}T00:00:00.000Z`),
    amount: rows.map(([, , , , price]) => Number(price)),
    currency: 'USD',
    excludedOtherCurrency: 0,
  }
}

const options = { asOf: '1997-09-30T23:59:59.999Z', purchaseModel: 'mbg_nbd', timeZone: 'UTC' } as const

describe('the CDNOW log as of 1997-09-30', () => {
  const log = cdnowLog()
  const scores = scoreCustomers(log, options)

  it('gives the parameters of Fader, Hardie & Lee (2005) and of note 025, to the digits published', () => {
    expect(scores.customerIds).toHaveLength(2_357)
    const { bgNbd, mbgNbd, gammaGamma } = scores.fits
    expect([bgNbd.status, mbgNbd.status, gammaGamma.status]).toEqual(['converged', 'converged', 'converged'])
    const { r, alpha, a, b } = bgNbd.params
    expect([r, alpha, a, b].map((value) => value.toFixed(3))).toEqual(['0.243', '4.414', '0.793', '2.426'])
    expect(bgNbd.logLikelihood.toFixed(1)).toBe('-9582.4')
    const { p, q, v } = gammaGamma.params
    expect([p, q, v].map((value) => value.toFixed(2))).toEqual(['6.25', '3.74', '15.44'])
  })

  it('scores every customer with finite numbers in range, and reasons', () => {
    for (const [row] of scores.customerIds.entries()) {
      expect(scores.probabilityAlive[row]).toBeGreaterThanOrEqual(0)
      expect(scores.probabilityAlive[row]).toBeLessThanOrEqual(1)
      expect(Number.isSafeInteger(scores.lifetimeValueMinor[row])).toBe(true)
      expect(scores.lifetimeValueMinor[row]).toBeGreaterThanOrEqual(0)
      for (const score of [scores.rfm.recency[row], scores.rfm.frequency[row], scores.rfm.monetary[row]]) {
        expect(score).toBeGreaterThanOrEqual(1)
        expect(score).toBeLessThanOrEqual(5)
      }
    }
    expect(scores.purchaseReasonsOf(0).length).toBeGreaterThan(0)
    expect(scores.rfmReasonsOf(0).map(({ what }) => what)).toEqual(['rfm_recency', 'rfm_frequency', 'rfm_monetary'])
    expect(scores.tierReasonsOf(0).length).toBeGreaterThan(0)
  })

  it('BG/NBD takes one-time buyers for alive, MBG/NBD does not', () => {
    const once = scores.customerIds.findIndex((id) => log.customerId.indexOf(id) === log.customerId.lastIndexOf(id))
    const withBgNbd = scoreCustomers(log, { ...options, purchaseModel: 'bg_nbd' })
    expect(withBgNbd.probabilityAlive[once]).toBe(1)
    expect(scores.probabilityAlive[once]).toBeLessThan(1)
  })
})

describe('thin logs', () => {
  const logOf = (rows: readonly (readonly [customer: string, day: string, amount: number])[]): PurchaseLog => ({
    customerId: rows.map(([customer]) => customer),
    at: rows.map(([, day]) => day),
    amount: rows.map(([, , amount]) => amount),
    currency: 'EUR',
    excludedOtherCurrency: 0,
  })
  const asOf = { ...options, asOf: '2026-03-01' }

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
  ] as [string, [string, string, number][]][])('%s gives finite scores', (_, rows) => {
    const scores = scoreCustomers(logOf(rows), asOf)
    expect(scores.customerIds).toHaveLength(new Set(rows.map(([customer]) => customer)).size)
    for (const column of [scores.probabilityAlive, scores.expectedPurchases, scores.lifetimeValueMinor]) {
      for (const value of column) expect(Number.isFinite(value)).toBe(true)
    }
  })

  it('a purchase of nothing counts for the rhythm, not for the spend', () => {
    const paid = [
      ['a', '2026-01-01', 10],
      ['a', '2026-01-15', 30],
      ['b', '2026-01-01', 10],
    ] as const
    const rfmOf = (rows: readonly (readonly [string, string, number])[]) => scoreCustomers(logOf(rows), asOf)
    const frequencyOf = (rows: readonly (readonly [string, string, number])[]) =>
      rfmOf(rows)
        .rfmReasonsOf(0)
        .find(({ what }) => what === 'rfm_frequency')?.evidence.value
    const monetaryOf = (rows: readonly (readonly [string, string, number])[]) =>
      rfmOf(rows)
        .rfmReasonsOf(0)
        .find(({ what }) => what === 'rfm_monetary')?.evidence.value
    const withGift = [...paid, ['a', '2026-02-01', 0] as const]
    expect([frequencyOf(paid), frequencyOf(withGift)]).toEqual([2, 3])
    expect([monetaryOf(paid), monetaryOf(withGift)]).toEqual([40, 40])
  })
})
