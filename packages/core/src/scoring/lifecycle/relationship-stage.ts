import { requireNumbers, requireRows } from '../number-column.js'
import { requireRow } from '../option-bounds.js'
import { effectOf } from '../reason-order.js'
import type { ScoreReason } from '../score-reason.js'

/** The life of a relationship, in order. */
export const RELATIONSHIP_STAGES = ['identify', 'acquire', 'grow', 'mature', 'decline', 'lost'] as const

export type RelationshipStage = (typeof RELATIONSHIP_STAGES)[number]

/** One row per person or company, from behaviour alone. */
export interface RelationshipColumns {
  /** Days with a purchase, the first included; 0 for somebody only known. */
  purchases: Float64Array
  /** P(alive) of a purchase model, 0 to 1; not read where there are no purchases. */
  probabilityAlive: Float64Array
  /** Spend or purchases of the recent period over those of the one before: 1 is steady; default 1. */
  growth?: Float64Array
  /** Exchanges without a purchase so far (replies, visits, open deals); any makes `acquire` of `identify`; default 0. */
  engagements?: Float64Array
  /** Stage at the last computation, which a customer near a threshold keeps. */
  previous?: readonly (RelationshipStage | undefined)[]
}

/** A stage is entered at `enter` and left only beyond `leave`, so that nobody flickers between two. */
export interface StageThresholds {
  /** P(alive) below which a customer is lost; default 0.1, left at 0.2. */
  lost?: { enter: number; leave: number }
  /** P(alive) below which a relationship declines; default 0.5, left at 0.6. */
  decline?: { enter: number; leave: number }
  /** Growth below which it declines too; default 0.5, left at 0.65. */
  shrink?: { enter: number; leave: number }
  /** Growth from which a repeat customer grows; default 1.2, left below 1.1. */
  grow?: { enter: number; leave: number }
}

const DEFAULTS: Required<StageThresholds> = {
  lost: { enter: 0.1, leave: 0.2 },
  decline: { enter: 0.5, leave: 0.6 },
  shrink: { enter: 0.5, leave: 0.65 },
  grow: { enter: 1.2, leave: 1.1 },
}

/**
 * Stage of each relationship: the first rule that holds, so exactly one. No purchase: `acquire` with any engagement,
 * `identify` without. Then `lost` and `decline` by P(alive), `decline` by shrinking business, `acquire` for a single
 * purchase, `grow` by growing business, `mature` for the rest. After Dwyer, Schurr & Oh (1987), Journal of Marketing
 * 51(2); the thresholds are ours. Throws ScoringInputError naming row and column, TypeError for thresholds that cannot
 * be.
 */
export function relationshipStage(columns: RelationshipColumns, thresholds: StageThresholds = {}): RelationshipStage[] {
  const limits = checkThresholds({ ...DEFAULTS, ...thresholds })
  checkColumns(columns)
  const { purchases, probabilityAlive, growth, engagements, previous } = columns
  return Array.from(purchases, (bought, row) => {
    const before = previous?.[row]
    const change = growth?.[row] ?? 1
    const below = (value: number, { enter, leave }: { enter: number; leave: number }, holding: boolean): boolean =>
      value < (holding ? leave : enter)
    if (bought === 0) return (engagements?.[row] ?? 0) > 0 ? 'acquire' : 'identify'
    const alive = probabilityAlive[row]!
    const declining = before === 'decline' || before === 'lost'
    if (below(alive, limits.lost, before === 'lost')) return 'lost'
    if (below(alive, limits.decline, declining)) return 'decline'
    if (bought === 1) return 'acquire'
    if (below(change, limits.shrink, declining)) return 'decline'
    return change >= (before === 'grow' ? limits.grow.leave : limits.grow.enter) ? 'grow' : 'mature'
  })
}

/** Why a relationship is in its stage: the numbers that decided. Throws TypeError for a row that is not there. */
export function relationshipReasons(columns: RelationshipColumns, row: number): ScoreReason[] {
  requireRow(row, columns.purchases.length)
  const purchases = columns.purchases[row]!
  const probabilityAlive = columns.probabilityAlive[row]!
  if (purchases === 0) {
    const engagements = columns.engagements?.[row] ?? 0
    const what = engagements > 0 ? 'engaged_without_purchase' : 'known_without_purchase'
    return [{ what, effect: 'neutral', evidence: { engagements } }]
  }
  const growth = columns.growth?.[row] ?? 1
  return [
    { what: 'probability_alive', effect: probabilityAlive < 0.5 ? 'lowers' : 'raises', evidence: { probabilityAlive } },
    { what: 'purchases', effect: purchases > 1 ? 'raises' : 'neutral', evidence: { purchases } },
    { what: 'growth', effect: effectOf(growth - 1), evidence: { growth } },
  ]
}

function checkColumns({ purchases, probabilityAlive, growth, engagements, previous }: RelationshipColumns): void {
  const n = purchases.length
  requireNumbers('purchases', purchases, n, 'purchases', 0)
  requireNumbers('probabilityAlive', probabilityAlive, n, 'purchases', 0, 1)
  if (growth) requireNumbers('growth', growth, n, 'purchases', 0)
  if (engagements) requireNumbers('engagements', engagements, n, 'purchases', 0)
  if (previous) requireRows('previous', previous, n, 'purchases')
}

function checkThresholds(limits: Required<StageThresholds>): Required<StageThresholds> {
  const { lost, decline, shrink, grow } = limits
  const rising = (values: number[]): boolean => values.every((value, i) => value >= (values[i - 1] ?? 0))
  if (
    rising([lost.enter, lost.leave]) &&
    rising([lost.enter, decline.enter, decline.leave, 1]) &&
    rising([lost.leave, decline.leave]) &&
    rising([shrink.enter, shrink.leave, grow.leave, grow.enter])
  ) {
    return limits
  }
  throw new TypeError('Stage thresholds must leave room: lost below decline, shrink below grow, leave beyond enter')
}
