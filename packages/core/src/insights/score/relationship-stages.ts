import {
  RELATIONSHIP_STAGES,
  type RelationshipColumns,
  type RelationshipStage,
  relationshipStage,
} from '../../scoring/index.js'
import type { PurchaseColumns } from './purchase-columns.js'
import type { PurchaseSummary } from './purchase-summary.js'
import { quarterWeeks } from './quarter.js'

/** Where each relationship stands in its life, and what says so. */
export interface RelationshipStages {
  readonly stage: readonly RelationshipStage[]
  readonly columns: Required<Pick<RelationshipColumns, 'purchases' | 'probabilityAlive' | 'growth' | 'previous'>>
}

const weekMs = 7 * 86_400_000

/**
 * Stage of each customer from P(alive), the number of purchases, and how purchases of the last quarter compare with those of the
 * quarter before. One purchase is added to both, so that a single one more or less makes nobody grow or decline; who is not known
 * for two quarters is steady. `undefined` where no purchase model could be fitted.
 */
export function relationshipStages(options: {
  readonly summary: PurchaseSummary
  readonly purchases: PurchaseColumns
  readonly customer: Uint32Array
  readonly asOfMs: number
  readonly previousStage: Int8Array
  readonly probabilityAlive: Float64Array | undefined
}): RelationshipStages | undefined {
  const { summary, purchases, customer, asOfMs, previousStage, probabilityAlive } = options
  if (!probabilityAlive) return undefined
  const { recent, before } = countByPeriod(purchases, asOfMs, previousStage.length)
  const columns = {
    purchases: summary.frequency.map((x) => x + 1),
    probabilityAlive,
    growth: summary.age.map((age, row) =>
      age < 2 * quarterWeeks ? 1 : (recent[customer[row]!]! + 1) / (before[customer[row]!]! + 1),
    ),
    previous: Array.from(customer, (number) => RELATIONSHIP_STAGES[previousStage[number]!]),
  }
  return { stage: relationshipStage(columns), columns }
}

function countByPeriod(
  { customer, at }: PurchaseColumns,
  asOfMs: number,
  customers: number,
): { readonly recent: Uint32Array; readonly before: Uint32Array } {
  const recent = new Uint32Array(customers)
  const before = new Uint32Array(customers)
  for (let line = 0; line < at.length; line++) {
    const weeksAgo = (asOfMs - at[line]!) / weekMs
    if (weeksAgo < quarterWeeks) recent[customer[line]!]!++
    else if (weeksAgo < 2 * quarterWeeks) before[customer[line]!]!++
  }
  return { recent, before }
}
