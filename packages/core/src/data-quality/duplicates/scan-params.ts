/** What a scan was asked for. */
export interface ScanParams {
  readonly object: string
  /** Least probability of a pair. */
  readonly threshold: number
  /** Country of telephone numbers without one, ISO 3166. */
  readonly country?: string
  /** Merges at once what a verified identifier proves to be the same. */
  readonly mergeVerified: boolean
}
