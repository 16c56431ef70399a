export {
  type AssociationRule,
  type AssociationRuleOptions,
  associationRuleReasons,
  associationRules,
} from './baskets/association-rules.js'
export type { Basket } from './baskets/encoded-baskets.js'
export {
  type CatalogueItem,
  crossSellList,
  type ItemNeighbours,
  type Recommendation,
  recommendNext,
  upSellList,
} from './baskets/recommend-next.js'
export { type SimilarItem, type SimilarItemsOptions, similarItems } from './baskets/similar-items.js'
export {
  expectedPurchases,
  type FittedPurchaseModel,
  type PurchaseModelFit,
  probabilityAlive,
} from './fitted-purchase-model.js'
export { type AttributionOptions, attributeConversions, type TouchPath } from './indicators/attribution.js'
export {
  acquisitionRate,
  averageHandlingTime,
  churnRate,
  contributionShare,
  conversionRate,
  crossSellRate,
  firstContactResolution,
  netGrowthRate,
  repeatPurchaseRate,
  retentionRate,
} from './indicators/customer-rates.js'
export {
  type BeforeAfter,
  differenceInDifferences,
  type EffectEstimate,
} from './indicators/difference-in-differences.js'
export type { Indicator } from './indicators/indicator.js'
export {
  type CustomerStay,
  campaignReturn,
  customerAcquisitionCost,
  paybackPeriods,
  simpleLifetimeValue,
} from './indicators/marketing-returns.js'
export { pipelineValue, pipelineVelocity } from './indicators/pipeline-flow.js'
export {
  customerEffortScore,
  customerSatisfaction,
  netPromoterScore,
  responseRate,
} from './indicators/survey-indicators.js'
export type { FitOptions, FitStatus, ModelFit } from './model-fit.js'
export { quantileOfSorted } from './numerics/quantile.js'
export type { BetaGeometricParams } from './purchases/beta-geometric-params.js'
export {
  type BgBbFit,
  bgBbExpectedPurchases,
  bgBbLogLikelihood,
  bgBbProbabilityAlive,
  fitBgBb,
} from './purchases/bg-bb.js'
export type { BgBbParams } from './purchases/bg-bb-params.js'
export {
  type BgNbdFit,
  bgNbdExpectedPurchases,
  bgNbdExpectedPurchasesNewCustomer,
  bgNbdLogLikelihood,
  bgNbdProbabilityAlive,
  fitBgNbd,
} from './purchases/bg-nbd.js'
export {
  fitMbgNbd,
  type MbgNbdFit,
  mbgNbdExpectedPurchases,
  mbgNbdExpectedPurchasesNewCustomer,
  mbgNbdLogLikelihood,
  mbgNbdProbabilityAlive,
} from './purchases/mbg-nbd.js'
export {
  fitParetoNbd,
  type ParetoNbdFit,
  paretoNbdDiscountedResidual,
  paretoNbdExpectedPurchases,
  paretoNbdExpectedPurchasesNewCustomer,
  paretoNbdLogLikelihood,
  paretoNbdProbabilityAlive,
} from './purchases/pareto-nbd.js'
export type { ParetoNbdParams } from './purchases/pareto-nbd-params.js'
export { purchaseReasons } from './purchases/purchase-reasons.js'
export type { RfmSegment } from './rfm/rfm-segments.js'
export {
  type RfmColumns,
  type RfmCuts,
  type RfmOptions,
  type RfmScores,
  rfmColumns,
  rfmReasons,
  scoreRfm,
  scoreRfmByCuts,
} from './rfm/score-rfm.js'
export type { ScoreReason } from './score-reason.js'
export { ScoringInputError, type ScoringInputLocation } from './scoring-input-error.js'
export {
  fitGammaGamma,
  type GammaGammaFit,
  gammaGammaExpectedValue,
  gammaGammaLogLikelihood,
} from './spend/gamma-gamma.js'
export type { GammaGammaParams } from './spend/gamma-gamma-params.js'
export { spendFrequencyCorrelation } from './spend/spend-frequency-correlation.js'
export type { CustomerSummary } from './summary/customer-summary.js'
export {
  DAYS_PER_UNIT,
  type HoldoutSummary,
  type SummarizeOptions,
  summarizeTransactions,
  type TimeUnit,
  type TransactionSummary,
} from './summary/summarize-transactions.js'
export type { Transaction, TransactionColumns } from './summary/transaction-log.js'
export {
  customerLifetimeValue,
  type LifetimePurchaseModel,
  type LifetimeValueInput,
  type LifetimeValueOptions,
} from './value/customer-lifetime-value.js'
export {
  type ValueColumns,
  type ValueTier,
  type ValueTierOptions,
  type ValueTiers,
  valueTierReasons,
  valueTiers,
} from './value/value-tiers.js'
