import type { LimitModel } from '../limit-model.js'

type Limits = readonly LimitModel[]

/** Limits of a trait, in the order in which one hides the next: mean at the lower and upper bound, then likeness. */
function traitLimits(
  coordinate: number,
  [rare, frequent, allOrNothing, homogeneous]: readonly [limit: string, meaning: string][],
): Limits {
  return [
    { coordinate, side: 'lower', limit: rare![0], meaning: rare![1] },
    { coordinate, side: 'upper', limit: frequent![0], meaning: frequent![1] },
    { coordinate: coordinate + 1, side: 'lower', limit: allOrNothing![0], meaning: allOrNothing![1] },
    { coordinate: coordinate + 1, side: 'upper', limit: homogeneous![0], meaning: homogeneous![1] },
  ]
}

/** Of the dropout, in every model. */
export const DROPOUT_LIMITS: Limits = /* @__PURE__ */ traitLimits(2, [
  ['no_dropout', 'The data show nobody leaving: the model is the one in which all customers stay, and P(alive) is 1.'],
  ['immediate_dropout', 'Customers, some or all of them, seem to leave at the first chance: expect few purchases.'],
  ['all_or_nothing_dropout', 'Customers seem to leave at once or never: the model splits them into these two kinds.'],
  ['homogeneous_dropout', 'Customers do not differ visibly in how readily they leave: the model makes them all alike.'],
])

/** Of the rate of purchases. */
export const RATE_LIMITS: Limits = /* @__PURE__ */ traitLimits(0, [
  ['vanishing_rate', 'Purchases are so rare that the rate cannot be told from 0.'],
  ['instant_purchases', 'Purchases follow so fast that the rate has no upper end: check the time unit.'],
  ['extreme_rate_differences', 'A few customers make nearly all repeat purchases: expect few of the others.'],
  ['homogeneous_rate', 'Customers do not differ visibly in how often they buy: the model makes them all alike.'],
])

/** Of the chance to buy at an opportunity. */
export const CHANCE_LIMITS: Limits = /* @__PURE__ */ traitLimits(0, [
  ['never_buying', 'Purchases are so rare that the chance to buy cannot be told from 0.'],
  ['always_buying', 'While they stay, customers take every opportunity: the chance to buy cannot be told from 1.'],
  [
    'all_or_nothing_purchase',
    'Customers buy at every opportunity or at none: the model splits them into these two kinds.',
  ],
  ['homogeneous_purchase', 'Customers do not differ visibly in how often they buy: the model makes them all alike.'],
])
