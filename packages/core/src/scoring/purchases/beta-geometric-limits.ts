import type { LimitModel } from '../limit-model.js'
import { PURCHASE_RATE_LIMITS } from './purchase-rate-limits.js'

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
  ...PURCHASE_RATE_LIMITS,
]
