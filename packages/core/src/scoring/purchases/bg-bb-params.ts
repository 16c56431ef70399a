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

export const BG_BB_NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const
