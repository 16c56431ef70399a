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

export const GAMMA_GAMMA_NAMES = ['p', 'q', 'v'] as const
