import type { LimitModel } from '../limit-model.js'

/** Coordinates as in bg-bb-coordinates; order: what a reader should hear first. */
export const BG_BB_LIMITS: readonly LimitModel[] = [
  {
    coordinate: 2,
    side: 'lower',
    limit: 'no_dropout',
    meaning: 'The data show nobody leaving: the model is the one in which all customers stay, and P(alive) is 1.',
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
    coordinate: 1,
    side: 'upper',
    limit: 'homogeneous_purchase',
    meaning: 'The chance to buy does not differ visibly between customers: the model gives all the same one.',
  },
  {
    coordinate: 1,
    side: 'lower',
    limit: 'all_or_nothing_purchase',
    meaning: 'Customers buy at every opportunity or at none: the model splits them into these two kinds.',
  },
  {
    coordinate: 0,
    side: 'upper',
    limit: 'always_buying',
    meaning: 'While they stay, customers take every opportunity: the chance to buy cannot be told from 1.',
  },
  {
    coordinate: 0,
    side: 'lower',
    limit: 'never_buying',
    meaning: 'Purchases are so rare that the chance to buy cannot be told from 0.',
  },
]
