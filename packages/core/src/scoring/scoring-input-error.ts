/** Where the offending value stands: a column, and the zero-based row inside it when one row is to blame. */
export interface ScoringInputLocation {
  column: string
  row?: number
}

/**
 * Data handed to a scoring function cannot mean what the function needs: a recency beyond the age, a negative
 * frequency, columns of different length. The message names column, row and remedy; it never repeats the value,
 * which may be personal. Has the same `code` and `details` as the validation error of the rest of the SDK.
 */
export class ScoringInputError extends Error {
  override readonly name = 'ScoringInputError'
  readonly code = 'validation_failed'
  readonly column: string
  readonly row: number | undefined
  readonly details: ScoringInputLocation

  constructor(location: ScoringInputLocation, problem: string, remedy: string) {
    const place = location.row === undefined ? location.column : `${location.column}, row ${location.row}`
    super(`${place}: ${problem}. ${remedy}`)
    this.column = location.column
    this.row = location.row
    this.details = location
  }
}
