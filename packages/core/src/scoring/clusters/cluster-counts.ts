import { requireMatrix } from '../number-matrix.js'
import { seededRandom } from '../numerics/seeded-random.js'
import { type ClusterInput, type CustomerClusters, clusterCustomers } from './cluster-customers.js'
import { sampleRows } from './sample-rows.js'
import { squaredDistance } from './squared-distance.js'

export interface ClusterCount {
  k: number
  /** For the elbow: where it stops falling fast, more clusters say little more. */
  inertia: number
  /** Mean silhouette, -1 to 1 (Rousseeuw 1987): how much closer customers are to their own cluster than to the next. */
  silhouette: number
}

/** Rows on which the numbers of clusters are compared: silhouettes cost the square of them. */
const SAMPLE_ROWS = 1_500

/**
 * Inertia and mean silhouette for numbers of clusters (default 2 to 8) on a random sample of up to 1,500 rows. Take the
 * number with the highest silhouette, or the elbow of the inertia. Numbers beyond the distinct rows are left out.
 */
export function compareClusterCounts(
  input: Omit<ClusterInput, 'k'>,
  counts: readonly number[] = [2, 3, 4, 5, 6, 7, 8],
): ClusterCount[] {
  requireMatrix(input.x, input.columns)
  const p = input.columns.length
  const x = sampleRows(input.x, p, SAMPLE_ROWS, seededRandom(input.seed))
  return counts
    .map((k) => ({ k, clusters: clusterCustomers({ ...input, x, k }) }))
    .filter(({ k, clusters }) => clusters.k === k)
    .map(({ k, clusters }) => ({ k, inertia: clusters.inertia, silhouette: meanSilhouette(x, clusters) }))
}

function meanSilhouette(x: Float64Array, { clusterOf, k, sizes, deviations, standardize }: CustomerClusters): number {
  const p = deviations.length
  const z = x.map((value, i) => (standardize ? value / (deviations[i % p]! || Infinity) : value))
  const distance = new Float64Array(k)
  let total = 0
  for (let row = 0; row < clusterOf.length; row++) {
    const own = clusterOf[row]!
    if (sizes[own]! < 2 || k < 2) continue
    distance.fill(0)
    for (let other = 0; other < clusterOf.length; other++) {
      distance[clusterOf[other]!]! += Math.sqrt(squaredDistance(z, row * p, z, other * p, p))
    }
    const within = distance[own]! / (sizes[own]! - 1)
    const next = distance.reduce((least, sum, c) => (c === own ? least : Math.min(least, sum / sizes[c]!)), Infinity)
    const wider = Math.max(within, next)
    if (wider > 0) total += (next - within) / wider
  }
  return clusterOf.length > 0 ? total / clusterOf.length : 0
}
