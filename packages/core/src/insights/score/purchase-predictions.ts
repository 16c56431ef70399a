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
  type TransactionSummary,
} from '../../scoring/index.js'
import type { PurchaseModel } from './scoring-job.js'

/** The models of purchases and spend, fitted to all customers. */
export interface PurchaseFits {
  readonly bgNbd: BgNbdFit
  readonly mbgNbd: MbgNbdFit
  readonly gammaGamma: GammaGammaFit
}

/** Purchases and value predicted for each customer. */
export interface PurchasePredictions {
  readonly model: PurchaseModel
  /** 0–1. */
  readonly probabilityAlive: Float64Array
  /** In the coming year. */
  readonly expectedPurchases: Float64Array
  /** In minor units, rounded; of the coming twelve months. */
  readonly lifetimeValueMinor: Float64Array
  /** Limits of the value at 90 %, in minor units, where they were computed. */
  readonly limits: { readonly low: Float64Array; readonly high: Float64Array } | undefined
}

/** In weeks. */
export const year = 365.25 / 7
const month = year / 12
const months = 12

/** Level of the limits of the lifetime value, and the normal quantile that belongs to it. */
export const valueLimitsLevel = 0.9
const deviationsToLimit = 1.6448536269514722
const groups = 20
/** Above so many customers the parameters are known to a few percent, and limits would cost more than they tell. */
const mostWithLimits = 50_000

/** Fits of all models of purchases and spend. */
export function fitPurchases(summary: TransactionSummary): PurchaseFits {
  return { bgNbd: fitBgNbd(summary), mbgNbd: fitMbgNbd(summary), gammaGamma: fitGammaGamma(summary) }
}

/** What one model of purchases expects of each customer; `undefined` where it could not be fitted. */
export async function predictPurchases(
  summary: TransactionSummary,
  fits: PurchaseFits,
  options: {
    readonly purchaseModel: PurchaseModel
    readonly minorUnits: number
    readonly withLimits: boolean
    readonly pause: () => Promise<void>
  },
): Promise<PurchasePredictions | undefined> {
  const fit = options.purchaseModel === 'bg_nbd' ? fits.bgNbd : fits.mbgNbd
  if (fit.status === 'failed') return undefined
  const value = lifetimeValue(summary, fit, fits.gammaGamma)
  const inMinorUnits = (amount: number): number => Math.round(amount * options.minorUnits)
  const deviation =
    options.withLimits && fit.status === 'converged' ? await valueDeviation(summary, options) : undefined
  return {
    model: options.purchaseModel,
    probabilityAlive: probabilityAlive(fit, summary),
    expectedPurchases: expectedPurchases(fit, summary, year),
    lifetimeValueMinor: value.map(inMinorUnits),
    limits: deviation && {
      low: value.map((amount, row) => inMinorUnits(Math.max(0, amount - deviationsToLimit * deviation[row]!))),
      high: value.map((amount, row) => inMinorUnits(amount + deviationsToLimit * deviation[row]!)),
    },
  }
}

/**
 * Standard error of each customer's value by the delete-a-group jackknife (Quenouille 1949; Tukey 1958): the models are fitted
 * without every twentieth customer, twenty times. It tells how far the expected value depends on the sample that the parameters come
 * from, not how far what a customer does may lie from what is expected. `undefined` where it would not pay, or where the models
 * cannot be fitted without a group.
 */
async function valueDeviation(
  summary: TransactionSummary,
  { purchaseModel, pause }: { readonly purchaseModel: PurchaseModel; readonly pause: () => Promise<void> },
): Promise<Float64Array | undefined> {
  const n = summary.frequency.length
  if (n < groups || n > mostWithLimits) return undefined
  const mean = new Float64Array(n)
  const squares = new Float64Array(n)
  for (let group = 0; group < groups; group++) {
    await pause()
    const rest = { ...summary, weight: Float64Array.from({ length: n }, (_, row) => (row % groups === group ? 0 : 1)) }
    const fit = purchaseModel === 'bg_nbd' ? fitBgNbd(rest) : fitMbgNbd(rest)
    if (fit.status !== 'converged') return undefined
    const value = lifetimeValue(summary, fit, fitGammaGamma(rest))
    for (let row = 0; row < n; row++) {
      const step = value[row]! - mean[row]!
      mean[row]! += step / (group + 1)
      squares[row]! += step * (value[row]! - mean[row]!)
    }
  }
  return squares.map((sum) => Math.sqrt((sum * (groups - 1)) / groups))
}

type BetaGeometricFit = PurchaseFits['bgNbd' | 'mbgNbd']

function lifetimeValue(summary: TransactionSummary, fit: BetaGeometricFit, gammaGamma: GammaGammaFit): Float64Array {
  const spend =
    gammaGamma.status === 'failed' ? meanSpend(summary) : gammaGammaExpectedValue(gammaGamma.params, summary)
  return customerLifetimeValue({
    model: fit.model,
    params: fit.params,
    spend,
    summary,
    periods: months,
    periodLength: month,
  })
}

function meanSpend(summary: TransactionSummary): Float64Array {
  return summary.frequency.map((x, row) => (summary.totalSpend?.[row] ?? 0) / (x + 1))
}
