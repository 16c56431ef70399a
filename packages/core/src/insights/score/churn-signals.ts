import {
  type ChurnLevel,
  churnRisk,
  kaplanMeier,
  quantileOfSorted,
  type SurvivalCurve,
  survivalAt,
} from '../../scoring/index.js'
import type { PurchaseGaps } from './purchase-gaps.js'
import type { PurchaseSummary } from './purchase-summary.js'
import { quarterWeeks } from './quarter.js'

/** How likely each customer has left, and the signs it is read from; times in weeks. */
export interface ChurnSignals {
  /** 0 (stays) to 1 (gone). */
  readonly risk: Float64Array
  readonly level: readonly ChurnLevel[]
  readonly columns: {
    readonly probabilityAlive: Float64Array
    readonly silence: Float64Array
    readonly usualGap: Float64Array
    /** Chance to buy within the next quarter, given the silence so far. */
    readonly survival: Float64Array
  }
}

/** So many gaps of their own show a customer's rhythm; with fewer, that of everybody stands in. */
const gapsOfARhythm = 2
/** Less than a day is no gap. */
const shortestGap = 1 / 7

/**
 * Churn risk from three signs: P(alive) of the purchase model, the customer's rhythm, and how many others came back after a silence
 * as long (a survival curve of the gaps between purchases, in which those still silent count for as long as they are). `undefined`
 * where no purchase model could be fitted.
 */
export function churnSignals(
  summary: PurchaseSummary,
  gaps: PurchaseGaps,
  probabilityAlive: Float64Array | undefined,
): ChurnSignals | undefined {
  if (!probabilityAlive) return undefined
  const silence = summary.age.map((age, row) => age - summary.recency[row]!)
  const curve = gapCurve(gaps, silence)
  const common = Math.max(shortestGap, commonGap(gaps, silence))
  const columns = {
    probabilityAlive,
    silence,
    usualGap: summary.frequency.map((x, row) =>
      x >= gapsOfARhythm ? Math.max(shortestGap, summary.recency[row]! / x) : common,
    ),
    survival: silence.map((weeks) => chanceToReturn(curve, weeks)),
  }
  return { ...churnRisk(columns), columns }
}

function gapCurve(gaps: PurchaseGaps, silence: Float64Array): SurvivalCurve | undefined {
  const time = new Float64Array(gaps.length.length + silence.length)
  time.set(gaps.length)
  time.set(silence, gaps.length.length)
  const event = new Uint8Array(time.length).fill(1, 0, gaps.length.length)
  return kaplanMeier({ time, event }).curves[0]
}

function chanceToReturn(curve: SurvivalCurve | undefined, silence: number): number {
  const still = curve ? survivalAt(curve, silence) : 1
  return curve && still > 0 ? 1 - survivalAt(curve, silence + quarterWeeks) / still : 0
}

/** Median gap of everybody; where nobody came back, the median silence. */
function commonGap({ length }: PurchaseGaps, silence: Float64Array): number {
  return quantileOfSorted((length.length > 0 ? length : silence).slice().sort(), 0.5)
}
