/**
 * Parameters of the BG/BB model: the chance to buy at an opportunity varies over customers by Beta(alpha, beta), the
 * chance to leave before an opportunity by Beta(gamma, delta). All positive, without a unit.
 */
export interface BgBbParams {
  alpha: number
  beta: number
  gamma: number
  delta: number
}

/** Throws TypeError unless all four parameters are positive finite numbers. */
export function checkBgBbParams(params: BgBbParams): void {
  for (const name of ['alpha', 'beta', 'gamma', 'delta'] as const) {
    if (!(params[name] > 0 && params[name] < Infinity))
      throw new TypeError(`Parameter ${name} must be a positive number`)
  }
}
