/**
 * Parameters of the Pareto/NBD model: purchase rates vary over customers by Gamma(r, alpha), dropout rates by
 * Gamma(s, beta); alpha and beta in the time unit of the data. All positive.
 */
export interface ParetoNbdParams {
  r: number
  alpha: number
  s: number
  beta: number
}

/** Throws TypeError unless all four parameters are positive finite numbers. */
export function checkParetoNbdParams(params: ParetoNbdParams): void {
  for (const name of ['r', 'alpha', 's', 'beta'] as const) {
    if (!(params[name] > 0 && params[name] < Infinity))
      throw new TypeError(`Parameter ${name} must be a positive number`)
  }
}
