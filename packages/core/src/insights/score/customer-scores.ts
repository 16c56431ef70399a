import { minorDigits } from '../../kernel/money.js'
import {
  type BgNbdFit,
  customerLifetimeValue,
  expectedPurchases,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  type GammaGammaFit,
  gammaGammaExpectedValue,
  type MbgNbdFit,
  probabilityAlive,
  purchaseReasons,
  type RfmScores,
  rfmColumns,
  rfmReasons,
  type ScoreReason,
  scoreRfm,
  summarizeTransactions,
  type TransactionSummary,
  type ValueTiers,
  valueTierReasons,
  valueTiers,
} from '../../scoring/index.js'
import type { PurchaseLog } from './purchase-log.js'

/** The model that counts purchases. MBG/NBD by default: BG/NBD takes every one-time buyer for alive. */
export type PurchaseModel = 'bg_nbd' | 'mbg_nbd'

/** All scores of all customers at one moment, as columns. */
export interface CustomerScores {
  readonly customerIds: readonly string[]
  readonly currency: string
  readonly fits: { readonly bgNbd: BgNbdFit; readonly mbgNbd: MbgNbdFit; readonly gammaGamma: GammaGammaFit }
  readonly purchaseModel: PurchaseModel
  /** Whether the model of purchases could be fitted. If not, the three columns below and the tiers say nothing and hold 0. */
  readonly predicts: boolean
  /** In minor units, rounded; of the coming twelve months. */
  readonly lifetimeValueMinor: Float64Array
  /** 0–1. */
  readonly probabilityAlive: Float64Array
  /** In the coming year. */
  readonly expectedPurchases: Float64Array
  readonly rfm: RfmScores
  readonly tiers: ValueTiers
  purchaseReasonsOf(row: number): ScoreReason[]
  rfmReasonsOf(row: number): ScoreReason[]
  tierReasonsOf(row: number): ScoreReason[]
}

const weeksPerYear = 365.25 / 7
const weeksPerMonth = weeksPerYear / 12

/**
 * Scores all customers of a log, in weeks, as of a day. Purchases of nothing (gifts) count as purchases for the rhythm, not for
 * the spend. Throws for a log without a purchase. Pure.
 */
export function scoreCustomers(
  log: PurchaseLog,
  options: { readonly asOf: string; readonly purchaseModel: PurchaseModel; readonly timeZone: string },
): CustomerScores {
  const window = { unit: 'week', observationEnd: options.asOf, timeZone: options.timeZone } as const
  const summary = summarizeTransactions({ customerId: log.customerId, at: log.at, amount: log.amount }, window)
  const bgNbd = fitBgNbd(summary)
  const mbgNbd = fitMbgNbd(summary)
  const gammaGamma = fitGammaGamma(summary)
  const fit = options.purchaseModel === 'bg_nbd' ? bgNbd : mbgNbd
  const spend =
    gammaGamma.status === 'failed' ? meanSpend(summary) : gammaGammaExpectedValue(gammaGamma.params, summary)
  const value =
    fit.status === 'failed'
      ? new Float64Array(summary.customerIds.length)
      : customerLifetimeValue({
          model: fit.model,
          params: fit.params,
          spend,
          summary,
          periods: 12,
          periodLength: weeksPerMonth,
        })
  const scale = 10 ** minorDigits(log.currency)
  const lifetimeValueMinor = value.map((amount) => Math.round(amount * scale))
  const columns = rfmColumns(summary)
  const rfm = scoreRfm(columns)
  const tierColumns = { value: lifetimeValueMinor, growthPotential: growthPotential(lifetimeValueMinor, rfm) }
  const tiers = valueTiers(tierColumns)
  const zero = new Float64Array(summary.customerIds.length)
  return {
    customerIds: summary.customerIds,
    currency: log.currency,
    fits: { bgNbd, mbgNbd, gammaGamma },
    purchaseModel: options.purchaseModel,
    predicts: fit.status !== 'failed',
    lifetimeValueMinor,
    probabilityAlive: fit.status === 'failed' ? zero : probabilityAlive(fit, summary),
    expectedPurchases: fit.status === 'failed' ? zero : expectedPurchases(fit, summary, weeksPerYear),
    rfm,
    tiers,
    purchaseReasonsOf: (row) => purchaseReasons(summary, row),
    rfmReasonsOf: (row) => rfmReasons(rfm, columns, row),
    tierReasonsOf: (row) => valueTierReasons(tiers, tierColumns, row),
  }
}

function meanSpend(summary: TransactionSummary): Float64Array {
  return Float64Array.from(summary.frequency, (x, row) => (summary.totalSpend?.[row] ?? 0) / (x + 1))
}

/** What is missing to the best customers of the same monetary score: the room a customer has to grow. */
function growthPotential(value: Float64Array, rfm: RfmScores): Float64Array {
  const best = new Float64Array(rfm.bins + 1)
  for (const [row, amount] of value.entries()) {
    const group = rfm.monetary[row] ?? 0
    best[group] = Math.max(best[group] ?? 0, amount)
  }
  return value.map((amount, row) => Math.max(0, (best[rfm.monetary[row] ?? 0] ?? 0) - amount))
}
