import { ScoringInputError } from './scoring-input-error.js'

/** Beyond this a square would overflow. */
const LARGEST = 1e100

/**
 * Number of rows of a row-major matrix. Throws {@link ScoringInputError} unless the rows are whole and every value is a
 * finite number of at most 1e100, naming the column and row at fault.
 */
export function requireMatrix(x: Float64Array, columns: readonly string[]): number {
  const p = columns.length
  if (p === 0) throw new TypeError('columns must name at least one column')
  if (x.length % p !== 0) {
    throw new ScoringInputError(
      { column: 'x' },
      `the ${x.length} values do not fill rows of ${p} columns`,
      'Give the values row by row, as many in each row as there are columns',
    )
  }
  for (let i = 0; i < x.length; i++) {
    if (Math.abs(x[i]!) <= LARGEST) continue
    throw new ScoringInputError(
      { column: columns[i % p]!, row: Math.floor(i / p) },
      'the value is missing, not a number, or beyond 1e100',
      'Fill in the mean of the column, or leave the row out',
    )
  }
  return x.length / p
}

/** Mean and population deviation of each column; the deviation of a column that does not vary is exactly 0. */
export interface ColumnScales {
  means: Float64Array
  deviations: Float64Array
}

/** In two passes, so that a large mean does not eat the deviation. Weights count rows; 1 each where left out. */
export function columnScales(x: Float64Array, p: number, weight?: Float64Array): ColumnScales {
  const means = new Float64Array(p)
  const deviations = new Float64Array(p)
  const n = x.length / p
  let total = 0
  for (let row = 0; row < n; row++) {
    const w = weight ? weight[row]! : 1
    total += w
    for (let j = 0; j < p; j++) means[j]! += w * x[row * p + j]!
  }
  if (!(total > 0)) return { means, deviations }
  for (let j = 0; j < p; j++) means[j]! /= total
  for (let row = 0; row < n; row++) {
    const w = weight ? weight[row]! : 1
    for (let j = 0; j < p; j++) deviations[j]! += w * (x[row * p + j]! - means[j]!) ** 2
  }
  for (let j = 0; j < p; j++) {
    const deviation = Math.sqrt(deviations[j]! / total)
    deviations[j] = deviation > 1e-12 * Math.abs(means[j]!) ? deviation : 0
  }
  return { means, deviations }
}
