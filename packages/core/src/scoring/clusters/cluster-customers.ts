import { type ColumnScales, columnScales, requireMatrix } from '../number-matrix.js'
import { seededRandom } from '../numerics/seeded-random.js'
import { requireWhole } from '../option-bounds.js'
import { strongestFirst } from '../reason-order.js'
import type { ScoreReason } from '../score-reason.js'
import { initialCenters } from './initial-centers.js'
import { type RefinedCenters, refineCenters } from './refine-centers.js'
import { sampleRows } from './sample-rows.js'
import { squaredDistance } from './squared-distance.js'

export interface ClusterInput {
  /** Row-major: the value of column j in row i is x[i * columns.length + j]. Take logs of skewed columns first. */
  x: Float64Array
  columns: readonly string[]
  /** Clusters wanted, a whole number from 1. */
  k: number
  /** The same seed gives the same clusters on every platform. */
  seed: number
  /** Starts, of which the one with the least inertia is kept; default 100. */
  restarts?: number
  /** Weigh all columns alike by their deviation; default true. */
  standardize?: boolean
}

/** Cluster 0 has the highest mean over its standardised columns, the last cluster the lowest. */
export interface CustomerClusters {
  columns: string[]
  /** Clusters found: fewer than asked for where there are fewer distinct rows. */
  k: number
  clusterOf: Int32Array
  sizes: number[]
  /** Mean of each cluster in units of the columns. */
  centers: number[][]
  /** The same as distance from the mean of everybody, in standard deviations; 0 in columns that do not vary. */
  profiles: number[][]
  means: number[]
  deviations: number[]
  standardize: boolean
  /** Sum of squared distances to the centers, in standard deviations where standardised. */
  inertia: number
  iterations: number
  warnings: string[]
}

/** Starts are compared on a random sample of so many rows. */
const START_ROWS = 5_000
/** Above so many rows one start is followed, first on a larger sample, and centers need not stand as still. */
const MANY_ROWS = 25_000
const LARGE_SAMPLE_ROWS = 100_000
/** Most that a center may still move in the last step, in deviations. */
const STILL = 1e-5
const STILL_OF_SAMPLE = 1e-4
const STILL_OF_MANY = 1e-3
/** From a start that near, further steps follow noise. */
const MOST_ITERATIONS_OF_MANY = 50
/** Best starts that end in different places, each followed on all rows; what differs by less is the same place. */
const FINALISTS = 8
const SAME_INERTIA = 1e-6

/**
 * k-means: greedy k-means++ starts (Arthur & Vassilvitskii 2007), Lloyd's algorithm, the best of several starts, clusters
 * in a stable order. Starts are compared on up to 5,000 rows and the best of them followed on all. Above 25,000 rows the
 * centers may end 0.001 deviations a step short of rest, less than their own standard error. Throws ScoringInputError naming row and column, TypeError for options that cannot be.
 */
export function clusterCustomers(input: ClusterInput): CustomerClusters {
  const { x, columns, k, seed, restarts = 100, standardize = true } = input
  const n = requireMatrix(x, columns)
  requireWhole('k', k, 1)
  requireWhole('restarts', restarts, 1)
  const p = columns.length
  const scales = columnScales(x, p)
  const z = scaledRows(x, scales, standardize)
  const spread = scales.deviations.reduce((most, deviation) => Math.max(most, deviation), 0)
  const best = bestClusters(z, p, k, seededRandom(seed), restarts, standardize ? 1 : spread)
  return describe(input, scales, best, n)
}

/** Cluster of each row of new data: the one with the nearest center. Throws ScoringInputError naming row and column. */
export function assignClusters(clusters: CustomerClusters, x: Float64Array): Int32Array {
  const { columns, centers, means, deviations, standardize, k } = clusters
  const n = requireMatrix(x, columns)
  if (k === 0 && n > 0) throw new TypeError('There are no clusters to assign to')
  const scales = { means: Float64Array.from(means), deviations: Float64Array.from(deviations) }
  const z = scaledRows(x, scales, standardize)
  const targets = scaledRows(Float64Array.from(centers.flat()), scales, standardize)
  const p = columns.length
  return Int32Array.from({ length: n }, (_, row) => {
    let nearest = 0
    for (let c = 1; c < k; c++) {
      if (squaredDistance(z, row * p, targets, c * p, p) < squaredDistance(z, row * p, targets, nearest * p, p))
        nearest = c
    }
    return nearest
  })
}

/**
 * What sets a cluster apart, strongest first: `above_average` or `below_average`, with column, mean of the cluster, mean
 * of everybody and the distance in standard deviations. Throws TypeError for a cluster that is not there.
 */
export function clusterReasons(clusters: CustomerClusters, cluster: number): ScoreReason[] {
  const profile = clusters.profiles[cluster]
  const center = clusters.centers[cluster]
  if (!profile || !center) throw new TypeError(`There is no cluster ${cluster}`)
  return strongestFirst(
    'deviations',
    { above: 'above_average', below: 'below_average' },
    clusters.columns.map((column, j) => ({
      column,
      mean: center[j]!,
      meanOfAll: clusters.means[j]!,
      deviations: profile[j]!,
    })),
  )
}

/** `scale` is the length of one deviation in z. */
function bestClusters(
  z: Float64Array,
  p: number,
  k: number,
  random: () => number,
  restarts: number,
  scale: number,
): RefinedCenters {
  const sample = sampleRows(z, p, START_ROWS, random)
  const starts: { centers: Float64Array; inertia: number }[] = []
  for (let start = 0; start < restarts && z.length > 0; start++) {
    starts.push(refineCenters(sample, p, initialCenters(sample, p, k, random), STILL_OF_SAMPLE * scale))
  }
  starts.sort((a, b) => a.inertia - b.inertia)
  const places = starts.filter(({ inertia }, i) => i === 0 || inertia > starts[i - 1]!.inertia * (1 + SAME_INERTIA))
  const first = places[0]?.centers ?? new Float64Array(0)
  if (z.length / p > MANY_ROWS) {
    const large = refineCenters(sampleRows(z, p, LARGE_SAMPLE_ROWS, random), p, first, STILL_OF_SAMPLE * scale)
    return refineCenters(z, p, large.centers, STILL_OF_MANY * scale, MOST_ITERATIONS_OF_MANY)
  }
  let best = refineCenters(z, p, first, STILL * scale)
  for (const { centers } of places.slice(1, FINALISTS)) {
    const refined = refineCenters(z, p, centers, STILL * scale)
    if (refined.inertia < best.inertia) best = refined
  }
  return best
}

function scaledRows(x: Float64Array, { means, deviations }: ColumnScales, standardize: boolean): Float64Array {
  if (!standardize) return x
  const p = means.length
  const z = new Float64Array(x.length)
  for (let j = 0; j < p; j++) {
    const mean = means[j]!
    const deviation = deviations[j]!
    if (deviation > 0) for (let i = j; i < x.length; i += p) z[i] = (x[i]! - mean) / deviation
  }
  return z
}

function describe(
  { columns, k, standardize = true }: ClusterInput,
  { means, deviations }: ColumnScales,
  found: RefinedCenters,
  n: number,
): CustomerClusters {
  const p = columns.length
  const order = Array.from(found.sizes.keys()).filter((c) => found.sizes[c]! > 0)
  const centers = order.map((c) =>
    columns.map((_, j) => {
      const center = found.centers[c * p + j]!
      return standardize ? means[j]! + deviations[j]! * center : center
    }),
  )
  const profiles = centers.map((center) =>
    center.map((value, j) => (deviations[j]! > 0 ? (value - means[j]!) / deviations[j]! : 0)),
  )
  const level = profiles.map((profile) => profile.reduce((sum, value) => sum + value, 0))
  const ranking = order.map((_, i) => i).sort((a, b) => level[b]! - level[a]!)
  const place = new Int32Array(found.sizes.length)
  ranking.forEach((from, to) => {
    place[order[from]!] = to
  })
  const warnings: string[] = []
  if (order.length < k) warnings.push(`There are ${order.length} clusters rather than ${k}: no more distinct rows.`)
  columns.forEach((column, j) => {
    if (n > 0 && deviations[j] === 0) warnings.push(`${column} is the same for everybody and divides nobody.`)
  })
  return {
    columns: [...columns],
    k: order.length,
    clusterOf: found.clusterOf.map((c) => place[c]!),
    sizes: ranking.map((i) => found.sizes[order[i]!]!),
    centers: ranking.map((i) => centers[i]!),
    profiles: ranking.map((i) => profiles[i]!),
    means: Array.from(means),
    deviations: Array.from(deviations),
    standardize,
    inertia: found.inertia,
    iterations: found.iterations,
    warnings,
  }
}
