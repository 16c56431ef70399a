import {
  customerLifetimeValue,
  expectedPurchases,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  gammaGammaExpectedValue,
  type HoldoutByFrequency,
  type HoldoutSummary,
  holdoutByFrequency,
  type PurchaseTracking,
  probabilityAlive,
  purchaseReasons,
  type RfmScores,
  repeatPurchaseTimes,
  rfmColumns,
  rfmReasons,
  type ScoreReason,
  scoreRfm,
  spendFrequencyCorrelation,
  summarizeTransactions,
  type TransactionColumns,
  type TransactionSummary,
  trackPurchases,
} from '@rapport/core/scoring'

/** Length of a month in weeks: a twelfth of 365.25 days. */
export const MONTH_IN_WEEKS = 30.4375 / 7
/** The month of the Python package lifetimes, with which its lifetime values can be checked. */
export const LIFETIMES_MONTH_IN_WEEKS = 4.345

/** A customer whose scores the report explains. Times are in weeks, money in US dollars. */
export interface ExplainedCustomer {
  customerId: string
  frequency: number
  recency: number
  age: number
  /** P(alive) and purchases expected in the holdout, by model. */
  predictions: { model: string; alive: number; expected: number }[]
  actual: number
  spend: number
  lifetimeValue: number
  segment: string
  reasons: ScoreReason[]
}

export type CdnowFigures = ReturnType<typeof cdnowFigures>

/**
 * Everything that the CDNOW report prints, computed from the text of `cdnow_sample.csv`: 39 weeks of calibration, 39
 * weeks of holdout, time in weeks. Throws ScoringInputError for a row that cannot be read.
 */
export function cdnowFigures(csvText: string) {
  const log = readLog(csvText)
  const { holdout, ...summary } = summarizeTransactions(log, {
    unit: 'week',
    observationEnd: '1998-06-30',
    calibrationEnd: '1997-09-30',
  })
  if (!holdout) throw new TypeError('summarizeTransactions gave no holdout')
  const bgNbd = fitBgNbd(summary)
  const mbgNbd = fitMbgNbd(summary)
  const paretoNbd = fitParetoNbd(summary)
  const gammaGamma = fitGammaGamma(summary)
  const repeatTimes = repeatPurchaseTimes(log, { unit: 'week' })
  const track = (fit: typeof bgNbd | typeof paretoNbd): PurchaseTracking =>
    trackPurchases({ fit, summary, repeatTimes, periodLength: 1 })
  const byFrequency = (fit: typeof bgNbd | typeof mbgNbd | typeof paretoNbd): HoldoutByFrequency =>
    holdoutByFrequency({ fit, summary, holdout })
  const valueIn = (periodLength: number): Float64Array =>
    customerLifetimeValue({ ...bgNbd, spend: gammaGamma, summary, periods: 12, periodLength, discountRate: 0.01 })
  const lifetimeValue = valueIn(MONTH_IN_WEEKS)
  const rfm = scoreRfm(rfmColumns(summary))

  const explain = (row: number): ExplainedCustomer => ({
    customerId: summary.customerIds[row]!,
    frequency: summary.frequency[row]!,
    recency: summary.recency[row]!,
    age: summary.age[row]!,
    predictions: [bgNbd, mbgNbd, paretoNbd].map((fit) => ({
      model: fit.model,
      alive: probabilityAlive(fit, summary)[row]!,
      expected: expectedPurchases(fit, summary, holdout.duration)[row]!,
    })),
    actual: holdout.frequency[row]!,
    spend: gammaGammaExpectedValue(gammaGamma.params, summary)[row]!,
    lifetimeValue: lifetimeValue[row]!,
    segment: rfm.segment[row]!,
    reasons: [...purchaseReasons(summary, row), ...rfmReasons(rfm, rfmColumns(summary), row)],
  })

  return {
    transactions: log.customerId.length,
    summary,
    holdout,
    fits: { bgNbd, mbgNbd, paretoNbd, gammaGamma },
    spendCorrelation: spendFrequencyCorrelation(summary),
    tracking: { bgNbd: track(bgNbd), paretoNbd: track(paretoNbd) },
    byFrequency: { bgNbd: byFrequency(bgNbd), mbgNbd: byFrequency(mbgNbd), paretoNbd: byFrequency(paretoNbd) },
    totalValue: { month: total(lifetimeValue), lifetimesMonth: total(valueIn(LIFETIMES_MONTH_IN_WEEKS)) },
    deciles: valueDeciles(lifetimeValue, holdout),
    segments: segmentRows(rfm, summary, holdout),
    explained: {
      workedExample: explain(summary.customerIds.indexOf('1')),
      lost: explain(mostFrequentOfTheLost(summary, probabilityAlive(bgNbd, summary))),
      boughtOnce: explain(summary.frequency.indexOf(0)),
    },
  }
}

/** Sum of a column. */
export function total(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0)
}

function readLog(csvText: string): TransactionColumns & { customerId: string[]; amount: Float64Array } {
  const [, ...lines] = csvText.trim().split(/\r?\n/)
  const rows = lines.map((line) => line.split(','))
  return {
    customerId: rows.map(([, customer = '']) => customer),
    at: rows.map(([, , date = '']) => date),
    amount: Float64Array.from(rows, ([, , , , price]) => Number(price)),
  }
}

/** Tenths of the customers from the most valuable down, each with its value and what it went on to spend. */
function valueDeciles(lifetimeValue: Float64Array, holdout: HoldoutSummary) {
  const n = lifetimeValue.length
  const order = [...lifetimeValue.keys()].sort((one, other) => lifetimeValue[other]! - lifetimeValue[one]!)
  return Array.from({ length: 10 }, (_, decile) => {
    const rows = order.slice(Math.round((decile * n) / 10), Math.round(((decile + 1) * n) / 10))
    return {
      customers: rows.length,
      value: total(Float64Array.from(rows, (row) => lifetimeValue[row]!)),
      ...afterwards(rows, holdout),
    }
  })
}

/** The segments from the largest down. */
function segmentRows({ segment }: RfmScores, { totalSpend }: TransactionSummary, holdout: HoldoutSummary) {
  const names = [...new Set(segment)]
  return names
    .map((name) => {
      const rows = [...segment.keys()].filter((row) => segment[row] === name)
      return {
        name,
        customers: rows.length,
        spend: total(Float64Array.from(rows, (row) => totalSpend![row]!)),
        ...afterwards(rows, holdout),
      }
    })
    .sort((one, other) => other.customers - one.customers || one.name.localeCompare(other.name))
}

function afterwards(rows: number[], { frequency, monetaryValue }: HoldoutSummary) {
  return {
    purchasesAfter: total(Float64Array.from(rows, (row) => frequency[row]!)),
    spendAfter: total(Float64Array.from(rows, (row) => frequency[row]! * monetaryValue![row]!)),
  }
}

/** Of the customers with P(alive) below 5 % the one with the most repeat purchases, the first of equals. */
function mostFrequentOfTheLost({ frequency }: TransactionSummary, alive: Float64Array): number {
  const lost = [...frequency.keys()].filter((row) => alive[row]! < 0.05)
  const most = Math.max(...lost.map((row) => frequency[row]!))
  return lost.find((row) => frequency[row] === most)!
}
