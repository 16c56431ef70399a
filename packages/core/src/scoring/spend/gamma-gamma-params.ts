/**
 * Parameters of the Gamma-Gamma model: each purchase of a customer is Gamma(p, nu), nu varies over customers by
 * Gamma(q, v); v is in the currency of the data. All positive. The mean spend of the customer base, p v / (q - 1), is
 * finite only for q > 1.
 */
export interface GammaGammaParams {
  p: number
  q: number
  v: number
}

/** Throws TypeError unless all three parameters are positive finite numbers. */
export function checkGammaGammaParams(params: GammaGammaParams): void {
  for (const name of ['p', 'q', 'v'] as const) {
    if (!(params[name] > 0 && params[name] < Infinity))
      throw new TypeError(`Parameter ${name} must be a positive number`)
  }
}
