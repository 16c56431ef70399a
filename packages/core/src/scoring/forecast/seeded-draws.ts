/** Random numbers that a seed repeats everywhere: uniform on [0, 1), and Beta. */
export interface SeededDraws {
  uniform(): number
  beta(alpha: number, beta: number): number
}

/**
 * Uniform numbers by sfc32 (Doty-Humphrey, PractRand), whose state a few rounds mix from the seed; gamma variates by Marsaglia
 * & Tsang (ACM TOMS 26, 2000), normal ones by Box & Muller, Beta as a ratio of gammas. Not for secrets.
 */
export function seededDraws(seed: number): SeededDraws {
  if (!Number.isSafeInteger(seed)) throw new TypeError('seed must be a whole number')
  let a = seed | 0
  let b = (seed / 2 ** 32) | 0
  let c = 0x9e3779b9 | 0
  let counter = 1

  function uniform(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }

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

  for (let round = 0; round < 20; round++) uniform()
  return {
    uniform,
    beta(alpha, beta) {
      const one = gamma(alpha)
      const other = gamma(beta)
      return one + other > 0 ? one / (one + other) : alpha / (alpha + beta)
    },
  }
}
