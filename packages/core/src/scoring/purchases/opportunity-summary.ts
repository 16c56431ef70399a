import { ScoringInputError } from '../scoring-input-error.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'

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
