import type { PurchaseColumns } from './purchase-columns.js'

/** All gaps between two purchases of one customer that came to an end. */
export interface PurchaseGaps {
  /** In weeks. Purchases of one day are one. */
  readonly length: Float64Array
}

const dayMs = 86_400_000
const daysPerWeek = 7

/** The gaps in a log of purchases by customer and then by time. Days are those of UTC: a gap is off by a day at most. */
export function purchaseGaps({ customer, at }: PurchaseColumns): PurchaseGaps {
  const length: number[] = []
  for (let line = 1; line < at.length; line++) {
    if (customer[line] !== customer[line - 1]) continue
    const days = Math.floor(at[line]! / dayMs) - Math.floor(at[line - 1]! / dayMs)
    if (days > 0) length.push(days / daysPerWeek)
  }
  return { length: Float64Array.from(length) }
}
