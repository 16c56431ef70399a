import { ScoringInputError } from './scoring-input-error.js'

/** Beyond this a square would be near the end of what a double can hold. */
export const LARGEST_NUMBER = 1e100

/**
 * Throws {@link ScoringInputError} unless the column has n rows, every one a number within [from, to], which are at most 1e100 in size. `like`
 * names what the length is measured by.
 */
export function requireNumbers(
  column: string,
  values: ArrayLike<number>,
  n: number,
  like: string,
  from = -LARGEST_NUMBER,
  to = LARGEST_NUMBER,
): void {
  requireRows(column, values, n, like)
  for (let row = 0; row < n; row++) {
    const value = values[row]!
    if (value >= from && value <= to) continue
    throw new ScoringInputError(
      { column, row },
      `the value is not a number from ${from} to ${to}`,
      'Give such a number or leave the row out',
    )
  }
}

/** Every `stride`-th value. */
export function everyNth(values: Float64Array, stride: number): Float64Array {
  const picked = new Float64Array(Math.ceil(values.length / stride))
  for (let i = 0; i < picked.length; i++) picked[i] = values[i * stride]!
  return picked
}

/** Throws {@link ScoringInputError} unless the column has n rows. */
export function requireRows(column: string, values: { readonly length: number }, n: number, like: string): void {
  if (values.length === n) return
  throw new ScoringInputError(
    { column },
    `the column has ${values.length} rows where ${like} has ${n}`,
    'Give all columns the same length',
  )
}
