import type { LimitModel } from '../limit-model.js'
import { PURCHASE_RATE_LIMITS } from './purchase-rate-limits.js'

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
  ...PURCHASE_RATE_LIMITS,
]
