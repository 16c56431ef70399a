import type { RfmColumns, RfmScores } from '../../scoring/index.js'
import type { ChurnSignals } from './churn-signals.js'
import type { CustomerGroups } from './customer-groups.js'
import type { GrowthPositions } from './growth-positions.js'
import type { ItemBaskets } from './item-baskets.js'
import type { PurchaseFits, PurchasePredictions } from './purchase-predictions.js'
import type { PurchaseSummary } from './purchase-summary.js'
import type { RelationshipStages } from './relationship-stages.js'
import type { TieredValue } from './tiered-value.js'

/**
 * All scores of all customers at one moment, as plain columns with a row per customer: what a worker gives back. A model that was
 * not asked for, or that the data cannot feed, is left out.
 */
export interface ScoreColumns {
  /** Number of the customer of each row in the purchases. */
  readonly customer: Uint32Array
  readonly summary: PurchaseSummary
  readonly fits: PurchaseFits
  /** Left out where the model of purchases could not be fitted: then nobody is predicted anything. */
  readonly predictions: PurchasePredictions | undefined
  readonly rfm: { readonly scores: RfmScores; readonly columns: RfmColumns }
  readonly value: TieredValue | undefined
  readonly churn: ChurnSignals | undefined
  readonly relationship: RelationshipStages | undefined
  readonly growth: GrowthPositions | undefined
  readonly groups: CustomerGroups | undefined
  readonly baskets: ItemBaskets | undefined
}
