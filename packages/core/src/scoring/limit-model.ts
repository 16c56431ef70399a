/** A simpler model to which estimates run where the data have no interior maximum: a bound of the search. */
export interface LimitModel {
  coordinate: number
  side: 'lower' | 'upper'
  /** Stable code. */
  limit: string
  /** One sentence for people. */
  meaning: string
}
