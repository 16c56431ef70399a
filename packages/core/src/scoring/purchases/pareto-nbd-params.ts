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

export const PARETO_NBD_NAMES = ['r', 'alpha', 's', 'beta'] as const
