import { requireNumbers } from '../number-column.js'
import { requireRow, requireWhole } from '../option-bounds.js'
import { effectOf } from '../reason-order.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { TransactionSummary } from '../summary/summarize-transactions.js'
import { quantileCuts } from './quantile-cuts.js'
import { type RfmSegment, rfmSegment } from './rfm-segments.js'

/** What RFM looks at, one row per customer. Attention: `recency` is the time *since* the last purchase. */
export interface RfmColumns {
  customerIds?: readonly string[]
  /** Time since the last purchase, in any unit; less is better. */
  recency: Float64Array
  /** Purchases, the first included. */
  frequency: Float64Array
  /** Total spend (or the mean, if you prefer that), in one currency. */
  monetary: Float64Array
}

export interface RfmOptions {
  /** Scores run from 1 to this; 2 to 10, default 5. */
  bins?: number
  /**
   * `together` (default): equal customers get equal scores, cut at quantiles, so that some scores may stay empty.
   * `byRank`: groups of equal size; ties go by row order, so that equal customers may differ.
   */
  ties?: 'together' | 'byRank'
}

/** The values at which one score ends and the next begins, ascending: bins - 1 of each. */
export interface RfmCuts {
  recency: Float64Array
  frequency: Float64Array
  monetary: Float64Array
}

export interface RfmScores {
  /** Per customer, 1 to bins, bins being best: for recency that is the most recent. */
  recency: Uint8Array
  frequency: Uint8Array
  monetary: Uint8Array
  segment: RfmSegment[]
  /** Keep them: they score customers of another day by the same measure. */
  cuts: RfmCuts
  bins: number
}

/**
 * The columns of RFM from a summary with amounts: time since the last purchase up to the end of observation, purchases
 * with the first, and total spend.
 */
export function rfmColumns(summary: TransactionSummary): RfmColumns {
  const { customerIds, frequency, recency, age, totalSpend } = summary
  if (!totalSpend) {
    throw new ScoringInputError(
      { column: 'totalSpend' },
      'the column is missing',
      'Give an amount with every transaction when you summarize',
    )
  }
  return {
    customerIds,
    recency: age.map((T, row) => T - recency[row]!),
    frequency: frequency.map((x) => x + 1),
    monetary: totalSpend,
  }
}

/**
 * Scores recency, frequency and monetary value from 1 to `bins` (Hughes 1994; Bult & Wansbeek 1995). With ties together
 * a score is 1 plus the number of cuts below the value, the cuts being type-7 quantiles; recency is counted from the
 * other end. Throws ScoringInputError for columns of different length or values that are not finite numbers,
 * TypeError for impossible options. An empty base gives empty scores.
 */
export function scoreRfm(columns: RfmColumns, options: RfmOptions = {}): RfmScores {
  const { bins = 5, ties = 'together' } = options
  requireWhole('bins', bins, 2, 10)
  if (ties !== 'together' && ties !== 'byRank') throw new TypeError("ties must be 'together' or 'byRank'")
  checkColumns(columns)
  const cuts = {
    recency: quantileCuts(columns.recency, bins),
    frequency: quantileCuts(columns.frequency, bins),
    monetary: quantileCuts(columns.monetary, bins),
  }
  if (ties === 'together') return scoreAtCuts(columns, cuts, bins)
  const recency = ranked(
    columns.recency.map((value) => -value),
    bins,
  )
  return withSegments(recency, ranked(columns.frequency, bins), ranked(columns.monetary, bins), cuts, bins)
}

/** Scores customers by the cuts of an earlier result, so that the same customer keeps the same score. */
export function scoreRfmByCuts(columns: RfmColumns, cuts: RfmCuts): RfmScores {
  const bins = cuts.recency.length + 1
  if (cuts.frequency.length + 1 !== bins || cuts.monetary.length + 1 !== bins) {
    throw new TypeError('cuts must hold as many values for each of recency, frequency and monetary')
  }
  checkColumns(columns)
  return scoreAtCuts(columns, cuts, bins)
}

/** Why the customer of a row has the scores: each measure with its value, its score and the best score there is. */
export function rfmReasons(scores: RfmScores, columns: RfmColumns, row: number): ScoreReason[] {
  requireRow(row, scores.segment.length)
  const segment = scores.segment[row]!
  return (['recency', 'frequency', 'monetary'] as const).map((what) => {
    const score = scores[what][row]!
    return {
      what: `rfm_${what}`,
      effect: effectOf(score - (scores.bins + 1) / 2),
      evidence: { value: columns[what][row]!, score, bins: scores.bins, segment },
    }
  })
}

function scoreAtCuts(columns: RfmColumns, cuts: RfmCuts, bins: number): RfmScores {
  const recency = cutScores(columns.recency, cuts.recency).map((score) => bins + 1 - score)
  const frequency = cutScores(columns.frequency, cuts.frequency)
  return withSegments(recency, frequency, cutScores(columns.monetary, cuts.monetary), cuts, bins)
}

function withSegments(
  recency: Uint8Array,
  frequency: Uint8Array,
  monetary: Uint8Array,
  cuts: RfmCuts,
  bins: number,
): RfmScores {
  const segment: RfmSegment[] = new Array(recency.length)
  for (let row = 0; row < segment.length; row++) segment[row] = rfmSegment(recency[row]!, frequency[row]!, bins)
  return { recency, frequency, monetary, segment, cuts, bins }
}

function cutScores(values: Float64Array, cuts: Float64Array): Uint8Array {
  const scores = new Uint8Array(values.length)
  for (let row = 0; row < values.length; row++) {
    let score = 1
    while (score <= cuts.length && cuts[score - 1]! < values[row]!) score++
    scores[row] = score
  }
  return scores
}

function ranked(values: Float64Array, bins: number): Uint8Array {
  const n = values.length
  const order = new Uint32Array(n)
    .map((_, row) => row)
    .sort((one, other) => values[one]! - values[other]! || one - other)
  const scores = new Uint8Array(n)
  for (let rank = 0; rank < n; rank++) scores[order[rank]!] = Math.floor((rank * bins) / n) + 1
  return scores
}

/** Beyond this the distance of two values would overflow. */
const LARGEST_SPEND = 1e100

function checkColumns({ recency, frequency, monetary }: RfmColumns): void {
  const n = recency.length
  requireNumbers('recency', recency, n, 'recency', 0)
  requireNumbers('frequency', frequency, n, 'recency', 0)
  requireNumbers('monetary', monetary, n, 'recency', -LARGEST_SPEND, LARGEST_SPEND)
}
