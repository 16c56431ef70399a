import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** The distinct values of a column, ascending, and where the value of each row stands among them. */
interface DistinctValues {
  values: Float64Array
  index: Int32Array
}

/**
 * The distinct purchase histories (x, t_x, T) of a customer base with the number of customers of each, so that a
 * likelihood pass needs special functions once per distinct x and logarithms once per distinct time.
 */
export interface PurchaseHistories {
  /** Distinct values of x, ascending; for each, its histories and the number of its customers. */
  counts: Float64Array
  rowsOfCount: readonly (readonly number[])[]
  customersOfCount: Float64Array
  /** Of each history. */
  recency: DistinctValues
  age: DistinctValues
  weight: Float64Array
  /** Customers with each distinct T, and the repeat purchases they made. */
  customersOfAge: Float64Array
  purchasesOfAge: Float64Array
  purchases: number
  longestAge: number
}

/** Groups a checked summary; throws {@link ScoringInputError} where no customer is left. */
export function groupPurchaseHistories({ frequency, recency, age, weight }: CustomerSummary): PurchaseHistories {
  const { groupOfRow, firstRow } = groupRows([frequency, recency, age])
  const customersOfGroup = new Float64Array(firstRow.length)
  for (let row = 0; row < groupOfRow.length; row++) customersOfGroup[groupOfRow[row]!]! += weight ? weight[row]! : 1
  const present = firstRow.filter((_, group) => customersOfGroup[group]! > 0)
  if (present.length === 0) {
    throw new ScoringInputError({ column: 'frequency' }, 'there is no customer to fit', 'Give at least one customer')
  }
  const distinct = (column: Float64Array): DistinctValues => {
    const ofRow = new Float64Array(present.length)
    for (let row = 0; row < ofRow.length; row++) ofRow[row] = column[present[row]!]!
    const values = Float64Array.from(new Set(ofRow)).sort()
    const rank = new Map(Array.from(values, (value, i) => [value, i]))
    const index = new Int32Array(ofRow.length)
    for (let row = 0; row < ofRow.length; row++) index[row] = rank.get(ofRow[row]!)!
    return { values, index }
  }
  const { values: counts, index: countIndex } = distinct(frequency)
  const ages = distinct(age)
  const histories = {
    counts,
    rowsOfCount: Array.from(counts, (): number[] => []),
    customersOfCount: new Float64Array(counts.length),
    recency: distinct(recency),
    age: ages,
    weight: customersOfGroup.filter((customers) => customers > 0),
    customersOfAge: new Float64Array(ages.values.length),
    purchasesOfAge: new Float64Array(ages.values.length),
    purchases: 0,
    longestAge: ages.values.at(-1)!,
  }
  histories.weight.forEach((customers, row) => {
    const count = countIndex[row]!
    const purchases = customers * counts[count]!
    histories.rowsOfCount[count]!.push(row)
    histories.customersOfCount[count]! += customers
    histories.customersOfAge[ages.index[row]!]! += customers
    histories.purchasesOfAge[ages.index[row]!]! += purchases
    histories.purchases += purchases
  })
  return histories
}
