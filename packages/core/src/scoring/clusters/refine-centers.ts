import { squaredDistance } from './squared-distance.js'

export interface RefinedCenters {
  /** k x p, row-major: the means of their rows. */
  centers: Float64Array
  clusterOf: Int32Array
  sizes: Int32Array
  /** Sum of squared distances of rows to their centers. */
  inertia: number
  iterations: number
}

const MOST_ITERATIONS = 300

/**
 * Lloyd's algorithm (1982) from given centers, with Hamerly's bounds (2010), which skip a row as long as its center
 * cannot have been overtaken: the result is that of the plain algorithm. Stops when no row moves or no center moves by
 * more than `tolerance`. A cluster that lost all its rows takes over the row farthest from its own center.
 */
export function refineCenters(
  z: Float64Array,
  p: number,
  start: Float64Array,
  tolerance: number,
  mostIterations = MOST_ITERATIONS,
): RefinedCenters {
  const n = z.length / p
  const k = start.length / p
  const centers = start.slice()
  const clusterOf = new Int32Array(n).fill(-1)
  const sizes = new Int32Array(k)
  const sums = new Float64Array(k * p)
  const upper = new Float64Array(n)
  const lower = new Float64Array(n)
  const moved = new Float64Array(k)
  const reach = new Float64Array(k)
  let farthestMove = 0
  let iterations = 0
  for (; iterations < mostIterations; iterations++) {
    halfDistances(centers, p, reach)
    let changes = 0
    for (let row = 0; row < n; row++) {
      const old = clusterOf[row]!
      const at = row * p
      if (old >= 0) {
        const low = lower[row]! - farthestMove
        let high = upper[row]! + moved[old]!
        lower[row] = low
        const bound = Math.max(low, reach[old]!)
        if (high > bound) high = Math.sqrt(squaredDistance(z, at, centers, old * p, p))
        upper[row] = high
        if (high <= bound) continue
      }
      let nearest = 0
      let best = Infinity
      let second = Infinity
      for (let c = 0, from = 0; c < k; c++, from += p) {
        let distance = 0
        for (let d = 0; d < p; d++) {
          const difference = z[at + d]! - centers[from + d]!
          distance += difference * difference
        }
        if (distance < best) {
          second = best
          best = distance
          nearest = c
        } else if (distance < second) second = distance
      }
      upper[row] = Math.sqrt(best)
      lower[row] = Math.sqrt(second)
      if (nearest === old) continue
      changes++
      clusterOf[row] = nearest
      sizes[nearest]! += 1
      for (let d = 0; d < p; d++) sums[nearest * p + d]! += z[at + d]!
      if (old < 0) continue
      sizes[old]! -= 1
      for (let d = 0; d < p; d++) sums[old * p + d]! -= z[at + d]!
    }
    const repaired = fillEmptyClusters(z, p, centers, clusterOf, sizes, sums)
    if (changes === 0 && !repaired) break
    farthestMove = 0
    for (let c = 0; c < k; c++) {
      let move = 0
      for (let d = 0; d < p && sizes[c]! > 0; d++) {
        const mean = sums[c * p + d]! / sizes[c]!
        move += (mean - centers[c * p + d]!) ** 2
        centers[c * p + d] = mean
      }
      moved[c] = Math.sqrt(move)
      farthestMove = Math.max(farthestMove, moved[c]!)
    }
    if (repaired) {
      upper.fill(Infinity)
      lower.fill(0)
    } else if (farthestMove <= tolerance) break
  }
  return { centers, clusterOf, sizes, inertia: settle(z, p, centers, clusterOf, sizes), iterations }
}

/** Half the distance of each center to the nearest other one: rows closer than that cannot belong elsewhere. */
function halfDistances(centers: Float64Array, p: number, reach: Float64Array): void {
  reach.fill(Infinity)
  for (let c = 0; c < reach.length; c++) {
    for (let other = 0; other < c; other++) {
      const half = Math.sqrt(squaredDistance(centers, c * p, centers, other * p, p)) / 2
      reach[c] = Math.min(reach[c]!, half)
      reach[other] = Math.min(reach[other]!, half)
    }
  }
}

function fillEmptyClusters(
  z: Float64Array,
  p: number,
  centers: Float64Array,
  clusterOf: Int32Array,
  sizes: Int32Array,
  sums: Float64Array,
): boolean {
  let repaired = false
  for (let empty = sizes.indexOf(0); empty >= 0; empty = sizes.indexOf(0, empty + 1)) {
    let farthest = -1
    let distance = 0
    for (let row = 0; row < clusterOf.length; row++) {
      if (sizes[clusterOf[row]!]! < 2) continue
      const own = squaredDistance(z, row * p, centers, clusterOf[row]! * p, p)
      if (own <= distance) continue
      distance = own
      farthest = row
    }
    if (farthest < 0) return repaired
    const old = clusterOf[farthest]!
    clusterOf[farthest] = empty
    sizes[old]! -= 1
    sizes[empty] = 1
    for (let d = 0; d < p; d++) {
      sums[old * p + d]! -= z[farthest * p + d]!
      sums[empty * p + d] = z[farthest * p + d]!
    }
    repaired = true
  }
  return repaired
}

/** Sets the centers to the exact means of their rows, free of what adding and taking away left behind. */
function settle(z: Float64Array, p: number, centers: Float64Array, clusterOf: Int32Array, sizes: Int32Array): number {
  centers.fill(0)
  for (let row = 0; row < clusterOf.length; row++) {
    const c = clusterOf[row]!
    for (let d = 0; d < p; d++) centers[c * p + d]! += z[row * p + d]! / sizes[c]!
  }
  let inertia = 0
  for (let row = 0; row < clusterOf.length; row++) {
    inertia += squaredDistance(z, row * p, centers, clusterOf[row]! * p, p)
  }
  return inertia
}
