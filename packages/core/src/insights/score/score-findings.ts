import { RELATIONSHIP_STAGES, shareOfTop } from '../../scoring/index.js'
import { measureOf } from './customer-groups.js'
import type { ScoreNames } from './row-scores.js'
import type { ScoreColumns } from './score-columns.js'

/** What a refresh found, for people to check and dashboards to draw: fits with their parameters, counts and sums. */
export function scoreFindings(columns: ScoreColumns, names: ScoreNames): Readonly<Record<string, unknown>> {
  const { fits, predictions, rfm, value, churn, relationship, growth, groups } = columns
  return plain({
    customers: columns.customer.length,
    currency: names.currency,
    ...fits,
    ...(predictions && {
      purchaseModel: predictions.model,
      expectedPurchases: sum(predictions.expectedPurchases),
      lifetimeValueMinor: sum(predictions.lifetimeValueMinor),
      lifetimeValueDeciles: deciles(predictions.lifetimeValueMinor),
      shareOfTopFifth: shareOfTop(predictions.lifetimeValueMinor),
    }),
    ...(value && { tiers: value.tiers.totals }),
    rfmMatrix: rfmMatrix(rfm.scores),
    rfmCuts: { recency: [...rfm.scores.cuts.recency], frequency: [...rfm.scores.cuts.frequency] },
    ...(churn && { churn: counts(churn.level, ['low', 'medium', 'high']) }),
    ...(relationship && { relationship: counts(relationship.stage, RELATIONSHIP_STAGES) }),
    ...(growth && { growth: growth.cells }),
    ...(groups && {
      groups: groups.clusters.centers.map((center, cluster) => ({
        customers: groups.clusters.sizes[cluster],
        typical: Object.fromEntries(
          groups.clusters.columns.map((column, j) => [column, measureOf(column, center[j] ?? 0)]),
        ),
      })),
      silhouette: groups.silhouette,
    }),
  })
}

/** Customers by recency score (rows, the least recent first) and frequency score (columns), with the segment of each cell in use. */
function rfmMatrix({ recency, frequency, segment, bins }: ScoreColumns['rfm']['scores']): RfmCell[][] {
  const matrix = Array.from({ length: bins }, () => Array.from({ length: bins }, (): RfmCell => ({ customers: 0 })))
  for (let row = 0; row < recency.length; row++) {
    const line = matrix[recency[row]! - 1]!
    const place = frequency[row]! - 1
    line[place] = { customers: line[place]!.customers + 1, segment: segment[row]! }
  }
  return matrix
}

interface RfmCell {
  readonly customers: number
  readonly segment?: string
}

/** Tenths of the customers, from the most valuable down. */
function deciles(value: Float64Array): { readonly customers: number; readonly valueMinor: number }[] {
  const falling = value.slice().sort().reverse()
  const border = (tenth: number): number => Math.round((tenth * falling.length) / 10)
  return Array.from({ length: 10 }, (_, tenth) => {
    const part = falling.subarray(border(tenth), border(tenth + 1))
    return { customers: part.length, valueMinor: sum(part) }
  })
}

function counts(labels: readonly string[], names: readonly string[]): Readonly<Record<string, number>> {
  const found = new Map(names.map((name) => [name, 0]))
  for (const label of labels) found.set(label, (found.get(label) ?? 0) + 1)
  return Object.fromEntries(found)
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0)
}

/** Without what JSON does not know, since a run keeps it. */
function plain(value: object): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(value)) as Readonly<Record<string, unknown>>
}
