import { seededRandom } from '../numerics/seeded-random.js'

/** Random numbers that a seed repeats everywhere: uniform on [0, 1), and Beta. */
export interface SeededDraws {
  uniform(): number
  beta(alpha: number, beta: number): number
}

/**
 * Gamma variates by Marsaglia & Tsang (ACM TOMS 26, 2000), normal ones by Box & Muller, Beta as a ratio of gammas. Throws `TypeError`
 * unless the seed is a whole number.
 */
export function seededDraws(seed: number): SeededDraws {
  const uniform = seededRandom(seed)

  function normal(): number {
    return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  }

  function gamma(shape: number): number {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape)
    const d = shape - 1 / 3
    for (;;) {
      const x = normal()
      const v = (1 + x / Math.sqrt(9 * d)) ** 3
      if (v > 0 && Math.log(1 - uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v
    }
  }

  return {
    uniform,
    beta(alpha, beta) {
      const one = gamma(alpha)
      const other = gamma(beta)
      return one + other > 0 ? one / (one + other) : alpha / (alpha + beta)
    },
  }
}
