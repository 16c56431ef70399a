import { createSeededRandom } from './seeded-random.js'

/** Row-major points around eight centers of three dimensions, near enough to each other that the groups overlap. */
export function generatePoints(rows: number, seed: number): Float64Array {
  const random = createSeededRandom(seed)
  const centers = Float64Array.from({ length: 24 }, () => 4 * random.uniform())
  const x = new Float64Array(3 * rows)
  for (let row = 0; row < rows; row++) {
    const center = 3 * Math.floor(8 * random.uniform())
    for (let d = 0; d < 3; d++) x[3 * row + d] = centers[center + d]! + 0.6 * random.normal()
  }
  return x
}
