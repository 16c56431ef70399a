import { requireWeights } from '../customer-weights.js'
import { requireNumbers, requireRows } from '../number-column.js'
import { ScoringInputError } from '../scoring-input-error.js'

/** One row per customer (or per `weight` customers), in one unit of time. */
export interface SurvivalColumns {
  /** Time from the start to the event, or to the end of observation where there was none; from 0. */
  time: Float64Array
  /** 1 where the event happened at `time`, 0 where observation ended without it (censored). */
  event: ArrayLike<number>
  /** Splits the rows into one curve each, compared by a log-rank test. */
  group?: readonly (string | number)[]
  /** How many customers a row stands for; 1 where left out. */
  weight?: Float64Array
  /** Time at which a customer came under observation, where later than the start (left truncation). */
  entry?: Float64Array
}

/** Throws {@link ScoringInputError} at the first row that cannot be. */
export function checkSurvivalColumns({ time, event, group, weight, entry }: SurvivalColumns): void {
  const n = time.length
  requireNumbers('time', time, n, 'time', 0)
  requireNumbers('event', event, n, 'time', 0, 1)
  if (group) requireRows('group', group, n, 'time')
  if (weight) requireWeights(weight, n, 'time')
  if (entry) requireNumbers('entry', entry, n, 'time', 0)
  for (let row = 0; row < n; row++) {
    if (event[row] !== 0 && event[row] !== 1) {
      throw new ScoringInputError(
        { column: 'event', row },
        'the value is neither 0 nor 1',
        'Give 1 where the event happened and 0 where observation ended without it',
      )
    }
    if (entry && entry[row]! >= time[row]!) {
      throw new ScoringInputError(
        { column: 'entry', row },
        'the customer came under observation when it was over',
        'Give an entry before time, or leave the row out',
      )
    }
  }
}
