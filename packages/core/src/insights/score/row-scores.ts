import {
  churnReasons,
  clusterReasons,
  purchaseReasons,
  RELATIONSHIP_STAGES,
  recommendNext,
  relationshipReasons,
  rfmReasons,
  type ScoreReason,
  valueTierReasons,
} from '../../scoring/index.js'
import { measureOf } from './customer-groups.js'
import { valueLimitsLevel } from './purchase-predictions.js'
import { quarterWeeks } from './quarter.js'
import type { ScoreColumns } from './score-columns.js'
import type { PurchaseScoreModel, Score } from './score-entity.js'

/** The part of a score that follows from the columns. */
export type RowScore = Pick<Score, 'value' | 'label' | 'interval' | 'reasons' | 'parameters'>

/** What the numbers in the columns stand for. */
export interface ScoreNames {
  readonly currency: string
  /** Minor units in a whole one. */
  readonly minorUnits: number
  readonly items: readonly string[]
}

/** How many recommendations a customer gets. */
const recommended = 5

/** The score of a row by a model; `undefined` where the model has nothing to say about it. Pure. */
export function rowScore(
  model: PurchaseScoreModel,
  columns: ScoreColumns,
  row: number,
  names: ScoreNames,
): RowScore | undefined {
  return byModel[model](columns, row, names)
}

const byModel: Readonly<
  Record<PurchaseScoreModel, (columns: ScoreColumns, row: number, names: ScoreNames) => RowScore | undefined>
> = {
  rfm({ rfm }, row) {
    const { bins, segment } = rfm.scores
    const [recency, frequency, monetary] = [
      rfm.scores.recency[row]!,
      rfm.scores.frequency[row]!,
      rfm.scores.monetary[row]!,
    ]
    return {
      value: (recency + frequency + monetary) / 3,
      label: segment[row]!,
      reasons: rfmReasons(rfm.scores, rfm.columns, row),
      parameters: { bins, recency, frequency, monetary },
    }
  },

  clv({ predictions, summary }, row, { currency }) {
    if (!predictions) return undefined
    const { limits } = predictions
    return {
      value: predictions.lifetimeValueMinor[row]!,
      ...(limits && { interval: { low: limits.low[row]!, high: limits.high[row]!, level: valueLimitsLevel } }),
      reasons: purchaseReasons(summary, row),
      parameters: {
        currency,
        model: predictions.model,
        probabilityAlive: predictions.probabilityAlive[row]!,
        expectedPurchases: predictions.expectedPurchases[row]!,
        months: 12,
      },
    }
  },

  value({ value }, row, { currency }) {
    return (
      value && {
        value: value.columns.value[row]!,
        label: value.tiers.tier[row]!,
        reasons: valueTierReasons(value.tiers, value.columns, row),
        parameters: { currency },
      }
    )
  },

  churn({ churn, predictions }, row) {
    return (
      churn &&
      predictions && {
        value: churn.risk[row]!,
        label: churn.level[row]!,
        reasons: churnReasons(churn.columns, row),
        parameters: { model: predictions.model, horizonWeeks: quarterWeeks },
      }
    )
  },

  relationship({ relationship }, row) {
    if (!relationship) return undefined
    const { stage, columns } = relationship
    const previous = columns.previous[row]
    return {
      value: RELATIONSHIP_STAGES.indexOf(stage[row]!) + 1,
      label: stage[row]!,
      reasons: relationshipReasons(columns, row),
      parameters: { periodWeeks: quarterWeeks, ...(previous && { previous }) },
    }
  },

  growth({ growth }, row, { currency, minorUnits }) {
    const label = growth?.strategy[row]
    if (!growth || !label) return undefined
    const bought = Math.round(growth.bought[row]! * minorUnits)
    const boughtNew = Math.round(growth.boughtNew[row]! * minorUnits)
    const isNew = growth.age[row]! < quarterWeeks
    const reasons: ScoreReason[] = [
      { what: isNew ? 'new_customer' : 'known_customer', effect: 'neutral', evidence: { age: growth.age[row]! } },
      { what: boughtNew > 0 ? 'new_items' : 'known_items', effect: 'neutral', evidence: { bought, boughtNew } },
    ]
    return { value: bought, label, reasons, parameters: { currency, periodWeeks: quarterWeeks } }
  },

  cluster({ groups }, row, { currency, minorUnits }) {
    if (!groups) return undefined
    const { clusters, silhouette } = groups
    const cluster = clusters.clusterOf[row]!
    const reasons = clusterReasons(clusters, cluster).map(({ effect, evidence }): ScoreReason => {
      const column = String(evidence.column)
      const above = Number(evidence.deviations) > 0 ? 'above' : 'below'
      const scale = column === 'monetary' ? minorUnits : 1
      const measured = (logarithm: unknown): number => measureOf(column, Number(logarithm)) * scale
      return {
        what: `${column}_${above}_average`,
        effect,
        evidence: {
          [typicalOf[column]!]: measured(evidence.mean),
          [`${typicalOf[column]!}OfAll`]: measured(evidence.meanOfAll),
        },
      }
    })
    return {
      value: cluster + 1,
      label: `group_${cluster + 1}`,
      reasons,
      parameters: { currency, groups: clusters.k, size: clusters.sizes[cluster]!, silhouette },
    }
  },

  next_purchase({ baskets }, row, { items }) {
    if (!baskets) return undefined
    const owned = Array.from(baskets.item.subarray(baskets.start[row], baskets.start[row + 1]), String)
    const nameOf = (item: unknown): string => items[Number(item)]!
    const best = recommendNext(owned, baskets.neighbours, { top: recommended })
    const [first] = best
    if (!first) return undefined
    return {
      value: first.score,
      label: nameOf(first.item),
      reasons: first.reasons.map((reason) => ({
        ...reason,
        evidence: { ...reason.evidence, owned: nameOf(reason.evidence.owned) },
      })),
      parameters: { items: best.map(({ item, score }) => ({ item: nameOf(item), score })) },
    }
  },
}

/** What a typical customer of a group is told by, by column. */
const typicalOf: Readonly<Record<string, string>> = {
  recency: 'typicalSilence',
  frequency: 'typicalPurchases',
  monetary: 'typicalSpend',
}
