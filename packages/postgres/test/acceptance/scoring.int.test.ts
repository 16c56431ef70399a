import { readFileSync } from 'node:fs'
import { type CrmSession, type ItemReport, parseMoney, scoreModels } from '@rapport/core'
import { expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

/** The CDNOW sample, a line a purchase: the log that Fader, Hardie & Lee (2005) and note 025 were fitted to. */
const purchases = readFileSync(new URL('../../../../examples/shop-demo/data/cdnow_sample.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line, index) => {
    const [, customer = '', date = '', , price = ''] = line.split(',')
    return { line: index + 2, customer, date, total: parseMoney(price, 'USD') }
  })

const system = 'cdnow'
const created = (reports: readonly ItemReport[]): string[] =>
  reports.map((report) => (report.outcome === 'created' ? report.id : `${report.outcome}`))

async function inBatches<T>(
  items: readonly T[],
  work: (batch: readonly T[]) => Promise<ItemReport[]>,
): Promise<string[]> {
  const ids: string[] = []
  for (let start = 0; start < items.length; start += 1_000)
    ids.push(...created(await work(items.slice(start, start + 1_000))))
  return ids
}

async function importLog(shop: CrmSession): Promise<Map<string, string>> {
  const customers = [...new Set(purchases.map(({ customer }) => customer))]
  const ids = await inBatches(
    customers.map((externalId) => ({ externalRef: { system, externalId } })),
    (batch) => shop.contacts.upsertMany(batch),
  )
  const contactIds = new Map(customers.map((customer, index) => [customer, ids[index] as string]))
  const orders = purchases.map(({ line, customer, date, total }) => ({
    externalRef: { system, externalId: `${line}` },
    contactId: contactIds.get(customer) as string,
    placedAt: date,
    total,
    status: 'completed' as const,
  }))
  const orderIds = await inBatches(orders, (batch) => shop.orders.recordMany(batch))
  expect(new Set(orderIds).size).toBe(purchases.length)
  return contactIds
}

describeOnEveryStorage('scoring', (on) => {
  test('the CDNOW log scored as of 1997-09-30 gives the published figures, and contacts are found by their scores', async () => {
    const shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    const contactIds = await importLog(shop)
    const started = await shop.scores.refresh(['rfm', 'clv', 'value'], { asOf: '1997-09-30' })
    const run = await shop.runs.wait(started.id)
    expect(run).toMatchObject({
      status: 'done',
      progress: { done: 2_357, total: 2_357 },
      result: { customers: 2_357, currency: 'USD', excludedOtherCurrency: 0 },
    })
    const { bgNbd, gammaGamma } = run.result as Record<
      'bgNbd' | 'gammaGamma',
      { params: Record<string, number>; logLikelihood: number; status: string }
    >
    const digits = (value: number | undefined, count: number): string => (value ?? Number.NaN).toFixed(count)
    expect(['r', 'alpha', 'a', 'b'].map((name) => digits(bgNbd.params[name], 3))).toEqual([
      '0.243',
      '4.414',
      '0.793',
      '2.426',
    ])
    expect(digits(bgNbd.logLikelihood, 1)).toBe('-9582.4')
    expect(['p', 'q', 'v'].map((name) => digits(gammaGamma.params[name], 2))).toEqual(['6.25', '3.74', '15.44'])

    const best = await shop.contacts.find({ orderBy: ['-scores.clv.amountMinor'], limit: 10 })
    const amounts = best.items.map(({ scores }) => scores?.clv?.amountMinor ?? Number.NaN)
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a))
    expect(best.items.every(({ version, scores }) => version === 1 && scores?.value?.tier === 'most_valuable')).toBe(
      true,
    )
    const leaving = { 'scores.clv.probabilityAlive': { lt: 0.3 } }
    const count = await shop.contacts.count({ where: leaving })
    expect(count).toBeGreaterThan(0)
    expect(count + (await shop.contacts.count({ where: { not: leaving } }))).toBe(2_357)
    const segment = best.items[0]?.scores?.rfm?.segment as string
    const ofSegment = await shop.contacts.find({ where: { 'scores.rfm.segment': segment }, limit: 5 })
    expect(ofSegment.items.every(({ scores }) => scores?.rfm?.segment === segment)).toBe(true)

    const scores = await shop.scores.of({ type: 'contact', id: contactIds.get('1') as string })
    expect(scores.map(({ model }) => model)).toEqual(['clv', 'rfm', 'value'])
    expect(scores.every(({ reasons, asOf }) => reasons.length > 0 && asOf === '1997-09-30T23:59:59.999Z')).toBe(true)
    const { interval, value } = scores[0] ?? {}
    expect(interval).toMatchObject({ level: 0.9 })
    expect([interval?.low, value, interval?.high]).toEqual(
      [interval?.low, value, interval?.high].toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    )
  })

  test('a refresh of all models scores customers, prospects and next purchases, and repeats itself to the letter', async () => {
    const shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    const names = Array.from({ length: 60 }, (_, index) => ({ externalRef: { system, externalId: `${index}` } }))
    const contactIds = created(await shop.contacts.upsertMany(names))
    // The last ten bought nothing; every second customer has tea, and most of these a pot.
    const orders = contactIds.slice(0, 50).flatMap((contactId, index) =>
      Array.from({ length: 1 + (index % 3) }, (_, time) => ({
        contactId,
        placedAt: new Date(Date.UTC(2025, 8, 1 + ((index * 7 + time * 40) % 170))).toISOString(),
        total: { amountMinor: 1_000 + index * 10 + time, currency: 'EUR' },
        items: [
          { name: index % 2 === 0 ? 'Tea' : 'Coffee', quantity: 1 },
          ...(index % 2 === 0 && index > 10 ? [{ sku: 'P-1', name: 'Pot', quantity: 1 }] : []),
        ],
      })),
    )
    created(await shop.orders.recordMany(orders))
    const scoresOf = async (index: number) => {
      const scores = await shop.scores.of({ type: 'contact', id: contactIds[index] as string })
      return scores.map(({ model, value, label, reasons, asOf }) => ({ model, value, label, reasons, asOf }))
    }
    const refreshed = async (): Promise<unknown> => {
      const run = await shop.runs.wait((await shop.scores.refresh(scoreModels, { asOf: '2026-02-28' })).id)
      expect(run).toMatchObject({ status: 'done', progress: { done: 60, total: 60 } })
      return run.result
    }
    const result = await refreshed()
    expect(result).toMatchObject({ customers: 50, contactsWithoutPurchase: 10, orders: orders.length })

    const buyer = await scoresOf(4)
    expect(buyer.map(({ model }) => model)).toEqual(expect.arrayContaining(['churn', 'cluster', 'relationship']))
    expect(buyer.find(({ model }) => model === 'next_purchase')).toMatchObject({
      label: 'P-1',
      reasons: [{ what: 'bought_together', evidence: { owned: 'Tea' } }],
    })
    expect(await scoresOf(55)).toMatchObject([{ model: 'relationship', label: 'identify', value: 1 }])

    const before = [await scoresOf(4), await scoresOf(31), await scoresOf(55)]
    await refreshed()
    const again = [await scoresOf(4), await scoresOf(31), await scoresOf(55)]
    expect(again).toEqual(before)
  })
})
