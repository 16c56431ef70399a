import { type CustomerClusters, clusterCustomers, compareClusterCounts, type RfmColumns } from '../../scoring/index.js'

/** Groups of customers who are alike in recency, frequency and spend. */
export interface CustomerGroups {
  /** Over the logarithms of 1 + the measures; clusters in the order of their means, the best first. */
  readonly clusters: CustomerClusters
  /** How well the number of groups fits, -1 to 1, among the numbers that were tried. */
  readonly silhouette: number
}

const columns = ['recency', 'frequency', 'monetary'] as const
/** The same groups in every run. */
const seed = 1
/** Fewer than three groups tell a shop no more than a list does, more than six nobody keeps in mind. */
const counts = [3, 4, 5, 6]

/**
 * k-means over how recently, how often and for how much customers bought, in logarithms since a few buy very much; the number of
 * groups is the one with the highest silhouette. Recency is taken as negative, so that more is better in every column.
 * `undefined` where customers differ too little to be grouped.
 */
export function groupCustomers(rfm: RfmColumns): CustomerGroups | undefined {
  const n = rfm.recency.length
  const x = new Float64Array(n * columns.length)
  for (let row = 0; row < n; row++) {
    x[row * 3] = -Math.log1p(rfm.recency[row]!)
    x[row * 3 + 1] = Math.log1p(rfm.frequency[row]!)
    x[row * 3 + 2] = Math.log1p(Math.max(0, rfm.monetary[row]!))
  }
  const tried = compareClusterCounts({ x, columns, seed, restarts: 10 }, counts)
  const best = tried.reduce((kept, one) => (one.silhouette > (kept?.silhouette ?? -1) ? one : kept), tried[0])
  if (!best) return undefined
  return { clusters: clusterCustomers({ x, columns, k: best.k, seed }), silhouette: best.silhouette }
}

/** A measure as it was before its logarithm was taken: weeks, purchases, money. */
export function measureOf(column: string, logarithm: number): number {
  return column === 'recency' ? Math.expm1(-logarithm) : Math.expm1(logarithm)
}
