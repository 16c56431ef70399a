import type { LimitModel } from '../limit-model.js'

/** Limits of the gamma distribution of purchase rates, whose shape and rate are the first two coordinates of every such model. */
export const PURCHASE_RATE_LIMITS: readonly LimitModel[] = [
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
