import type { LimitModel } from '../limit-model.js'

/** Coordinates as in beta-geometric-coordinates; order: what a reader should hear first. */
export const BETA_GEOMETRIC_LIMITS: readonly LimitModel[] = [
  {
    coordinate: 2,
    side: 'lower',
    limit: 'no_dropout',
    meaning: 'The data show nobody leaving: the model is the one in which all customers stay (NBD), and P(alive) is 1.',
    obscures: 3,
  },
  {
    coordinate: 2,
    side: 'upper',
    limit: 'immediate_dropout',
    meaning: 'The data look as if everybody left at the first opportunity: expect next to no further purchases.',
  },
  {
    coordinate: 3,
    side: 'upper',
    limit: 'homogeneous_dropout',
    meaning: 'The chance to leave does not differ visibly between customers: the model gives all the same one.',
  },
  {
    coordinate: 3,
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
