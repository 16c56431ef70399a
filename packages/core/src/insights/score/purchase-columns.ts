/** A tenant's purchases as columns, by customer and then by time. Customers and items are numbers: no id leaves the caller. */
export interface PurchaseColumns {
  /** Number of the customer, from 0 in the order of their first line. */
  readonly customer: Uint32Array
  /** Milliseconds since the epoch. */
  readonly at: Float64Array
  /** What the customer paid in the end, in whole units of the currency (dollars, not cents). */
  readonly amount: Float64Array
  /** Line i holds the items from `itemStart[i]` up to `itemStart[i + 1]` of {@link item}. */
  readonly itemStart: Uint32Array
  /** Numbers of the items. */
  readonly item: Uint32Array
}
