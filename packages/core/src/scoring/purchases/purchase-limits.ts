import type { LimitModel } from '../limit-model.js'

type Limits = readonly LimitModel[]

/** Limits of a trait, in the order in which one hides the next: mean at the lower and upper bound, then likeness. */
function traitLimits(coordinate: number, limits: readonly (readonly [limit: string, meaning: string])[]): Limits {
  return limits.map(([limit, meaning], i) => ({
    coordinate: coordinate + (i >> 1),
    side: i & 1 ? 'upper' : 'lower',
    limit,
    meaning,
  }))
}

/** Of the dropout, in every model. */
export const DROPOUT_LIMITS: Limits = /* @__PURE__ */ traitLimits(2, [
  ['no_dropout', 'The data show nobody leaving: P(alive) is 1.'],
  ['immediate_dropout', 'Customers, some or all, seem to leave at the first chance: expect few purchases.'],
  ['all_or_nothing_dropout', 'Customers seem to leave at once or never.'],
  ['homogeneous_dropout', 'Customers do not differ visibly in how readily they leave.'],
])

/** Of the rate of purchases. */
export const RATE_LIMITS: Limits = /* @__PURE__ */ traitLimits(0, [
  ['vanishing_rate', 'Purchases are too rare to tell their rate from 0.'],
  ['instant_purchases', 'Purchases follow too fast to have a rate: check the time unit.'],
  ['extreme_rate_differences', 'A few customers make nearly all purchases: expect few of the others.'],
  ['homogeneous_rate', 'Customers do not differ visibly in how often they buy.'],
])

/** Of the chance to buy at an opportunity. */
export const CHANCE_LIMITS: Limits = /* @__PURE__ */ traitLimits(0, [
  ['never_buying', 'Purchases are too rare to tell the chance to buy from 0.'],
  ['always_buying', 'While they stay, customers take every opportunity.'],
  ['all_or_nothing_purchase', 'Customers buy at every opportunity or at none.'],
  ['homogeneous_purchase', 'Customers do not differ visibly in how often they buy.'],
])
