import type { LimitModel } from '../limit-model.js'

/** Coordinates as in pareto-nbd-coordinates; order: what a reader should hear first. */
export const PARETO_NBD_LIMITS: readonly LimitModel[] = [
  {
    coordinate: 3,
    side: 'lower',
    limit: 'no_dropout',
    meaning: 'The data show nobody leaving: the model is the one in which all customers stay (NBD), and P(alive) is 1.',
    obscures: 2,
  },
  {
    coordinate: 3,
    side: 'upper',
    limit: 'immediate_dropout',
    meaning: 'The data look as if customers, some or all of them, left right after the first purchase.',
  },
  {
    coordinate: 2,
    side: 'upper',
    limit: 'homogeneous_dropout',
    meaning: 'The rate of leaving does not differ visibly between customers: the model gives all the same one.',
  },
  {
    coordinate: 2,
    side: 'lower',
    limit: 'all_or_nothing_dropout',
    meaning: 'Customers look as if they left at once or never: the model splits them into these two kinds.',
  },
  {
    coordinate: 0,
    side: 'upper',
    limit: 'homogeneous_rate',
    meaning: 'The purchase rate does not differ visibly between customers: the model gives all the same one.',
  },
  {
    coordinate: 0,
    side: 'lower',
    limit: 'extreme_rate_differences',
    meaning: 'A few customers make nearly all repeat purchases: expectations of the others are close to 0.',
  },
  {
    coordinate: 1,
    side: 'lower',
    limit: 'vanishing_rate',
    meaning: 'Purchases are so rare that the rate cannot be told from 0.',
  },
  {
    coordinate: 1,
    side: 'upper',
    limit: 'instant_purchases',
    meaning: 'Repeat purchases follow so fast that the rate has no upper end: check the time unit of the columns.',
  },
]
