/**
 * Uniform numbers in [0, 1) that a seed repeats on every platform: sfc32 (Doty-Humphrey, PractRand), whose state a few rounds mix
 * from the seed. Not for secrets. Throws `TypeError` unless the seed is a whole number.
 */
export function seededRandom(seed: number): () => number {
  if (!Number.isSafeInteger(seed)) throw new TypeError('seed must be a whole number')
  let a = seed | 0
  let b = (seed / 2 ** 32) | 0
  let c = 0x9e3779b9 | 0
  let counter = 1
  const uniform = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 20; round++) uniform()
  return uniform
}
