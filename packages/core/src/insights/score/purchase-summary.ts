/** What the purchase models see of each customer; times in weeks. */
export interface PurchaseSummary {
  readonly frequency: Float64Array
  readonly recency: Float64Array
  readonly age: Float64Array
  /** In whole units of the currency. */
  readonly totalSpend: Float64Array
}
