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

/**
 * When a customer may leave. `afterRepeatPurchase`: BG/NBD (Fader, Hardie & Lee 2005), so that a customer with one
 * purchase is always alive. `afterEveryPurchase`: MBG/NBD (Batislam, Denizel & Filiztekin 2007), the first included.
 */
export type DropoutRule = 'afterRepeatPurchase' | 'afterEveryPurchase'

/** Throws TypeError unless all four parameters are positive finite numbers. */
export function checkBetaGeometricParams(params: BetaGeometricParams): void {
  for (const name of ['r', 'alpha', 'a', 'b'] as const) {
    if (!(params[name] > 0 && params[name] < Infinity))
      throw new TypeError(`Parameter ${name} must be a positive number`)
  }
}
