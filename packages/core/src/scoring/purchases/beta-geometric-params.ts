/**
 * Parameters of the BG/NBD and MBG/NBD models: purchase rates vary over customers by Gamma(r, alpha), alpha in the time
 * unit of the data; the chance to leave after a purchase varies by Beta(a, b). All positive.
 */
export interface BetaGeometricParams {
  r: number
  alpha: number
  a: number
  b: number
}

export const BETA_GEOMETRIC_NAMES = ['r', 'alpha', 'a', 'b'] as const

/**
 * Chances to leave that come with the first purchase. 0: BG/NBD (Fader, Hardie & Lee 2005), where a customer leaves
 * after a repeat purchase only, so that one with a single purchase is always alive. 1: MBG/NBD (Batislam, Denizel &
 * Filiztekin 2007).
 */
export type ChancesAtFirst = 0 | 1
