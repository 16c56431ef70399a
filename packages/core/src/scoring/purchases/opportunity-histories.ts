import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'

/** The recency-frequency matrix of a customer base: its distinct histories, and how many customers share each. */
export interface OpportunityHistories {
  x: Float64Array
  /** Number of the opportunity taken last; 0 where none was. */
  last: Float64Array
  opportunities: Float64Array
  weight: Float64Array
  mostOpportunities: number
}

/** A day each for 27 years; a likelihood pass takes time in proportion. */
const MOST_OPPORTUNITIES = 10_000

/** Throws {@link ScoringInputError} at the first row whose columns do not count opportunities. */
export function checkOpportunities(summary: CustomerSummary): void {
  checkCustomerSummary(summary)
  const { frequency, recency, age } = summary
  for (let row = 0; row < frequency.length; row++) {
    const x = frequency[row]!
    if (!Number.isInteger(age[row]!) || age[row]! > MOST_OPPORTUNITIES) {
      throw new ScoringInputError(
        { column: 'age', row },
        `the number of opportunities is not a whole number from 0 to ${MOST_OPPORTUNITIES}`,
        'Give the number of opportunities to buy since the first purchase',
      )
    }
    if (!Number.isInteger(recency[row]!)) {
      throw new ScoringInputError(
        { column: 'recency', row },
        'the last opportunity taken is not a whole number',
        'Give the number of the opportunity at which the customer bought last, 0 for none',
      )
    }
    if (x > recency[row]! || (x === 0) !== (recency[row]! === 0)) {
      throw new ScoringInputError(
        { column: 'frequency', row },
        'the purchases do not fit into the opportunities up to the last one taken',
        'Count each opportunity at which the customer bought once; recency is the number of the last of them',
      )
    }
  }
}

/** Groups a checked summary; throws {@link ScoringInputError} where no customer is left. */
export function groupOpportunityHistories(summary: CustomerSummary): OpportunityHistories {
  const { frequency, recency, age, weight } = summary
  const { groupOfRow, firstRow } = groupRows([frequency, recency, age])
  const people = new Float64Array(firstRow.length)
  for (let row = 0; row < groupOfRow.length; row++) people[groupOfRow[row]!]! += weight ? weight[row]! : 1
  const present = firstRow.filter((_, group) => people[group]! > 0)
  if (present.length === 0) {
    throw new ScoringInputError({ column: 'frequency' }, 'there is no customer to fit', 'Give at least one customer')
  }
  const opportunities = Float64Array.from(present, (row) => age[row]!)
  return {
    x: Float64Array.from(present, (row) => frequency[row]!),
    last: Float64Array.from(present, (row) => recency[row]!),
    opportunities,
    weight: people.filter((w) => w > 0),
    mostOpportunities: opportunities.reduce((most, n) => Math.max(most, n), 0),
  }
}
