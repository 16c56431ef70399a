import type { PurchaseColumns } from './purchase-columns.js'
import type { PurchaseScoreModel } from './score-entity.js'

/** The model that counts purchases. MBG/NBD by default: BG/NBD takes every one-time buyer for alive. */
export type PurchaseModel = 'bg_nbd' | 'mbg_nbd'

/** Everything scores are computed from: plain data without names or ids, so that a worker can take it. */
export interface ScoringJob {
  readonly models: readonly PurchaseScoreModel[]
  /** The moment the scores speak of, an instant: nothing later is in the purchases. */
  readonly asOf: string
  readonly purchaseModel: PurchaseModel
  /** IANA zone in which a purchase falls on a day. */
  readonly timeZone: string
  /** Minor units in a whole one: 100 for euros, 1 for yen. */
  readonly minorUnits: number
  readonly purchases: PurchaseColumns
  /** By customer number: the place of the stage last computed in `RELATIONSHIP_STAGES`, -1 where there is none. */
  readonly previousStage: Int8Array
}
