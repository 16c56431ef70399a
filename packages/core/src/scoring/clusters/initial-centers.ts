import { squaredDistance } from './squared-distance.js'

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007): each further center is the best of a few rows drawn with a chance in
 * proportion to their squared distance from the centers so far. Fewer than k where there are fewer distinct rows.
 */
export function initialCenters(z: Float64Array, p: number, k: number, random: () => number): Float64Array {
  const n = z.length / p
  const candidates = 2 + Math.floor(Math.log(k))
  const centers = new Float64Array(k * p)
  const first = Math.floor(random() * n)
  for (let j = 0; j < p; j++) centers[j] = z[first * p + j]!
  const nearest = new Float64Array(n)
  for (let row = 0; row < n; row++) nearest[row] = squaredDistance(z, row * p, centers, 0, p)
  for (let c = 1; c < k; c++) {
    let total = 0
    for (let row = 0; row < n; row++) total += nearest[row]!
    if (!(total > 0)) return centers.slice(0, c * p)
    let chosen = -1
    let least = Infinity
    for (let attempt = 0; attempt < candidates; attempt++) {
      const candidate = drawInProportion(nearest, random() * total)
      let left = 0
      for (let row = 0; row < n; row++)
        left += Math.min(nearest[row]!, squaredDistance(z, row * p, z, candidate * p, p))
      if (left < least) {
        least = left
        chosen = candidate
      }
    }
    for (let j = 0; j < p; j++) centers[c * p + j] = z[chosen * p + j]!
    for (let row = 0; row < n; row++) {
      nearest[row] = Math.min(nearest[row]!, squaredDistance(z, row * p, centers, c * p, p))
    }
  }
  return centers
}

/** Row at which the running sum passes the target; never a row of weight 0. */
function drawInProportion(weights: Float64Array, target: number): number {
  let sum = 0
  let last = 0
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue
    last = row
    sum += weights[row]!
    if (sum > target) break
  }
  return last
}
