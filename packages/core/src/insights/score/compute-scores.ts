import { rfmColumns, scoreRfm, summarizeTransactions, type TransactionSummary } from '../../scoring/index.js'
import { churnSignals } from './churn-signals.js'
import { groupCustomers } from './customer-groups.js'
import { growthPositions } from './growth-positions.js'
import { itemBaskets } from './item-baskets.js'
import { purchaseGaps } from './purchase-gaps.js'
import { fitPurchases, predictPurchases } from './purchase-predictions.js'
import type { PurchaseSummary } from './purchase-summary.js'
import { relationshipStages } from './relationship-stages.js'
import type { ScoreColumns } from './score-columns.js'
import type { PurchaseScoreModel } from './score-entity.js'
import type { ScoringJob } from './scoring-job.js'
import { tieredValue } from './tiered-value.js'

/**
 * Scores all customers of a job, in weeks, as of its day. Purchases of nothing (gifts) count as purchases for the rhythm, not for
 * the spend. `pause` is awaited between models, for a thread that has other things to do. Throws for a job without a purchase.
 */
export async function computeScores(
  job: ScoringJob,
  pause: () => Promise<void> = async () => {},
): Promise<ScoreColumns> {
  const { purchases, asOf, models } = job
  const wants = (model: PurchaseScoreModel): boolean => models.includes(model)
  const summary = summarizeTransactions(
    { customerId: purchases.customer, at: purchases.at, amount: purchases.amount },
    { unit: 'week', observationEnd: asOf, timeZone: job.timeZone },
  )
  const customer = Uint32Array.from(summary.customerIds, Number)
  const seen = purchaseSummary(summary)
  await pause()
  const fits = fitPurchases(summary)
  await pause()
  const predictions = await predictPurchases(summary, fits, { ...job, withLimits: wants('clv'), pause })
  const probabilityAlive = predictions?.probabilityAlive
  const columns = rfmColumns(summary)
  const rfm = scoreRfm(columns)
  await pause()
  const churn = wants('churn') ? churnSignals(seen, purchaseGaps(purchases), probabilityAlive) : undefined
  await pause()
  const asOfMs = Date.parse(asOf)
  const { previousStage } = job
  return {
    customer,
    summary: seen,
    fits,
    predictions,
    rfm: {
      scores: rfm,
      columns: { recency: columns.recency, frequency: columns.frequency, monetary: columns.monetary },
    },
    value: predictions && tieredValue(predictions.lifetimeValueMinor, rfm),
    churn,
    relationship: wants('relationship')
      ? relationshipStages({ summary: seen, purchases, customer, asOfMs, previousStage, probabilityAlive })
      : undefined,
    growth: wants('growth') ? growthPositions(purchases, customer, seen.age, asOfMs) : undefined,
    groups: wants('cluster') ? groupCustomers(columns) : undefined,
    baskets: wants('next_purchase') ? itemBaskets(purchases, customer) : undefined,
  }
}

function purchaseSummary({ frequency, recency, age, totalSpend }: TransactionSummary): PurchaseSummary {
  return { frequency, recency, age, totalSpend: totalSpend ?? new Float64Array(age.length) }
}
