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
export { type ClusterCount, compareClusterCounts } from './clusters/cluster-counts.js'
export {
  assignClusters,
  type ClusterInput,
  type CustomerClusters,
  clusterCustomers,
  clusterReasons,
} from './clusters/cluster-customers.js'
export type { CohortPeriod } from './cohorts/calendar-period.js'
export { type Cohort, type CohortTable, type CohortTableOptions, cohortTable } from './cohorts/cohort-table.js'
export {
  type FrequencyHistogram,
  frequencyHistogram,
} from './diagnostics/frequency-histogram.js'
export {
  type HoldoutByFrequency,
  type HoldoutOfFit,
  holdoutByFrequency,
} from './diagnostics/holdout-by-frequency.js'
export { purchaseCountDistribution } from './diagnostics/purchase-count-distribution.js'
export { repeatPurchaseTimes } from './diagnostics/repeat-purchase-times.js'
export { type PurchaseTracking, type TrackingInput, trackPurchases } from './diagnostics/track-purchases.js'
export {
  expectedPurchases,
  type FittedPurchaseModel,
  type PurchaseModelFit,
  probabilityAlive,
} from './fitted-purchase-model.js'
export type { ForecastCategory, ForecastDeal } from './forecast/forecast-deal.js'
export {
  type ForecastSeriesOptions,
  forecastSeries,
  type SeriesBacktest,
  type SeriesForecast,
  type SeriesMethod,
} from './forecast/forecast-series.js'
export { type SimulatedForecast, type SimulateForecastOptions, simulateForecast } from './forecast/simulate-forecast.js'
export {
  type CategoryRollUp,
  forecastCategories,
  type WeightedPipeline,
  weightedPipeline,
} from './forecast/weighted-pipeline.js'
export {
  type DealHistory,
  estimateWinProbability,
  type WinEstimate,
  type WinProbabilityModel,
  winProbability,
} from './forecast/win-probability.js'
export { type AttributionOptions, attributeConversions } from './indicators/attribution.js'
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
export type { TouchPath } from './indicators/touch-path.js'
export {
  addEngagement,
  type EngagementRules,
  type EngagementSums,
  type LeadEvent,
  scoreEngagement,
} from './leads/engagement-sums.js'
export type {
  AttributeTest,
  EngagementRule,
  FitRule,
  LeadAttribute,
  LeadScoreModel,
} from './leads/lead-rules.js'
export {
  fitLogisticRegression,
  type LogisticFit,
  type LogisticInput,
  logisticReasons,
  predictLogistic,
} from './leads/logistic-regression.js'
export { type PopulationDrift, populationDrift } from './leads/population-drift.js'
export { areaUnderRoc, brierScore, type CalibrationBin, calibrationTable } from './leads/probability-quality.js'
export { type Lead, type LeadScore, scoreLead } from './leads/score-lead.js'
export {
  type ChurnColumns,
  type ChurnLevel,
  type ChurnOptions,
  type ChurnRisk,
  churnReasons,
  churnRisk,
} from './lifecycle/churn-risk.js'
export {
  type ExpectedRhythm,
  expectedRhythm,
  type RhythmColumns,
  type RhythmOptions,
} from './lifecycle/expected-rhythm.js'
export {
  type GrowthCell,
  type GrowthColumns,
  type GrowthMatrix,
  type GrowthStrategy,
  growthMatrix,
} from './lifecycle/growth-matrix.js'
export {
  RELATIONSHIP_STAGES,
  type RelationshipColumns,
  type RelationshipStage,
  relationshipReasons,
  relationshipStage,
  type StageThresholds,
} from './lifecycle/relationship-stage.js'
export { shareOfTop } from './lifecycle/share-of-top.js'
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
  type BgNbdCovariateFit,
  expectedPurchasesWithCovariates,
  type FittedCovariateModel,
  fitBgNbdWithCovariates,
  fitParetoNbdWithCovariates,
  type ParetoNbdCovariateFit,
  probabilityAliveWithCovariates,
} from './purchases/covariate-models.js'
export type { CovariateColumns, CustomerCovariates } from './purchases/customer-covariates.js'
export type { CovariateCoefficients, CovariateFit } from './purchases/fit-covariates.js'
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
export { spendFrequencyCorrelation, spendFrequencyRankCorrelation } from './spend/spend-frequency-correlation.js'
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
export { type KaplanMeier, kaplanMeier, type SurvivalCurve, survivalAt } from './survival/kaplan-meier.js'
export type { LogRankTest } from './survival/log-rank.js'
export type { SurvivalColumns } from './survival/survival-columns.js'
export {
  customerLifetimeValue,
  type LifetimePurchaseModel,
  type LifetimeValueInput,
  type LifetimeValueOptions,
} from './value/customer-lifetime-value.js'
export {
  type TierMigration,
  type TierMove,
  type TierSnapshot,
  tierMigration,
} from './value/tier-migration.js'
export {
  type ValueColumns,
  type ValueTier,
  type ValueTierOptions,
  type ValueTiers,
  valueTierReasons,
  valueTiers,
} from './value/value-tiers.js'
