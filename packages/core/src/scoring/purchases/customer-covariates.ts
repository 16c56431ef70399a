import { requireRows } from '../number-column.js'
import { columnScales, requireMatrix } from '../number-matrix.js'
import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** What is known of customers besides their purchases and does not change: channel, region, first product. */
export interface CovariateColumns {
  /** Row-major, one row per row of the summary; a category is a column of 0 and 1 for each but one of its values. */
  x: Float64Array
  /** Names of the columns. */
  columns: readonly string[]
}

/** Which covariates may move the rate of purchases, and which the dropout. The same columns may serve both. */
export interface CustomerCovariates {
  purchase?: CovariateColumns
  dropout?: CovariateColumns
}

/** One effect to estimate: ln of a parameter of customer i is its base plus sign times coefficient times z. */
export interface CovariateEffect {
  covariates: CovariateColumns
  column: number
  /** Index of the parameter among the four, and the direction in which a positive coefficient moves it. */
  parameter: number
  sign: 1 | -1
}

/** The rows that share all covariates, and their values by effect. */
export interface CovariateGroup {
  rows: number[]
  values: Float64Array
}

/** Checks the columns against the summary: whole, finite, named once, and without a column that does not vary. */
export function requireCovariates({ x, columns }: CovariateColumns, n: number, mustVary: boolean): void {
  const rows = requireMatrix(x, columns)
  requireRows('x', { length: rows }, n, 'frequency')
  if (new Set(columns).size < columns.length) throw new TypeError('columns must have different names')
  if (!mustVary) return
  columnScales(x, columns.length).deviations.forEach((deviation, i) => {
    if (deviation > 0) return
    throw new ScoringInputError(
      { column: columns[i]! },
      'the covariate is the same for everybody, so that its effect cannot be told from the base',
      'Leave the column out',
    )
  })
}

/** Groups rows by the values of all effects. */
export function groupByCovariates(effects: readonly CovariateEffect[], n: number): CovariateGroup[] {
  // Adding 0 turns -0 into 0, which the grouping would tell apart.
  const columns = effects.map(({ covariates: { x, columns: names }, column }) =>
    Float64Array.from({ length: n }, (_, row) => x[row * names.length + column]! + 0),
  )
  const { groupOfRow, firstRow } = groupRows(columns.length > 0 ? columns : [new Float64Array(n)])
  const groups = Array.from(
    firstRow,
    (row): CovariateGroup => ({
      rows: [],
      values: Float64Array.from(columns, (column) => column[row]!),
    }),
  )
  groupOfRow.forEach((group, row) => {
    groups[group]!.rows.push(row)
  })
  return groups
}

/** Some rows of a checked summary. */
export function pickCustomers(
  { frequency, recency, age, weight }: CustomerSummary,
  rows: readonly number[],
): CustomerSummary {
  const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]!)
  const picked = { frequency: pick(frequency), recency: pick(recency), age: pick(age) }
  return weight ? { ...picked, weight: pick(weight) } : picked
}
