/** The channels somebody met, in order, and what came of it. */
export interface TouchPath {
  channels: readonly string[]
  /** What to divide: 1 for a conversion, or its margin; 0 where nothing came of the path. */
  value: number
  /** Only for `time_decay`: how long before the end of the path each touch was, in any unit. */
  ages?: ArrayLike<number>
}
