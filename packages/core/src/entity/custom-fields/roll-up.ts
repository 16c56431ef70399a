import type { Path } from '../../storage/row.js'
import type { Where } from '../where.js'

/** What a roll-up computes over the records that refer to one. */
export type RollUpFunction = 'count' | 'sum' | 'avg' | 'min' | 'max'

/**
 * What a `rollUp` field computes: over the live records of `entity` whose `by` holds the id of the record, and that match `where`.
 *
 * `sum`, `avg`, `min` and `max` of money are given per currency, as minor units by currency: `{ EUR: 4999 }`. `avg` is the sum
 * through the count; of money it is rounded to the minor unit, halves away from zero. Over no record `count` is 0 and a sum of
 * numbers is 0; everything else is empty.
 */
export interface RollUp {
  /** Entity of the records that refer: `order`. */
  readonly entity: string
  /** Their reference: `contactId`, or `custom.<key>` of a reference. */
  readonly by: Path
  readonly fn: RollUpFunction
  /** What is computed over: a field that holds a number, money, or for `min` and `max` a date or moment. Not for `count`. */
  readonly field?: Path
  /** Only records that match; kept as the plain filter. */
  readonly where?: Where
}
