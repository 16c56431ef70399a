import { readFileSync } from 'node:fs'
import type { ScoringJob } from './scoring-job.js'

/** A purchase of a test: who, on which day, for how much, and what. */
export type TestPurchase = readonly [customer: string, day: string, amount: number, items?: readonly string[]]

/** A job over purchases in any order, with the names that its numbers stand for. */
export function jobOf(
  lines: readonly TestPurchase[],
  options: Partial<ScoringJob> & Pick<ScoringJob, 'asOf'>,
): ScoringJob & { readonly customerIds: string[]; readonly items: string[] } {
  const sorted = lines.toSorted(([a, day], [b, other]) => (a < b ? -1 : a > b ? 1 : day < other ? -1 : 1))
  const customerIds = [...new Set(sorted.map(([customer]) => customer))]
  const items = [...new Set(sorted.flatMap(([, , , bought = []]) => bought))]
  const itemStart = [0]
  for (const [, , , bought = []] of sorted) itemStart.push(itemStart.at(-1)! + bought.length)
  return {
    models: ['rfm', 'clv', 'value', 'churn', 'relationship', 'growth', 'cluster', 'next_purchase'],
    purchaseModel: 'mbg_nbd',
    timeZone: 'UTC',
    minorUnits: 100,
    purchases: {
      customer: Uint32Array.from(sorted, ([customer]) => customerIds.indexOf(customer)),
      at: Float64Array.from(sorted, ([, day]) => Date.parse(day)),
      amount: Float64Array.from(sorted, ([, , amount]) => amount),
      itemStart: Uint32Array.from(itemStart),
      item: Uint32Array.from(
        sorted.flatMap(([, , , bought = []]) => bought),
        (item) => items.indexOf(item),
      ),
    },
    previousStage: new Int8Array(customerIds.length).fill(-1),
    customerIds,
    items,
    ...options,
  }
}

/** The CDNOW sample as the demo imports it: dollars, one line a purchase. */
export function cdnowPurchases(): TestPurchase[] {
  const file = new URL('../../../../../examples/shop-demo/data/cdnow_sample.csv', import.meta.url)
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [, customer = '', day = '', , price = ''] = line.split(',')
    return [customer, day, Number(price)]
  })
}
