import { priorModel } from './estimate-model.js'
import { probabilityOf } from './match-model.js'
import type { MatchableRecord, MatchedPair, MatchOptions } from './match-options.js'
import { checkedModel, checkedThreshold, scoreOf } from './match-records.js'
import { pairReasons } from './pair-score.js'
import { placesOfIds, recordColumns } from './record-columns.js'

/** A candidate that may be the newcomer. */
export interface ResolvedCandidate extends Pick<MatchedPair, 'probability' | 'reasons'> {
  readonly id: string | number
  /** The probability reaches the threshold. */
  readonly isMatch: boolean
}

/**
 * Compares one newcomer with candidates that a search brought up, and ranks them, the likeliest first. Pass the `model` of a run over
 * all records, so that weights and prior are those of the whole; without it the prior takes the candidates for all there are.
 * Candidates without any agreeing field come back too, with their small probability. Throws `MatchingInputError`.
 */
export function resolveRecord(
  record: MatchableRecord,
  candidates: readonly MatchableRecord[],
  options: MatchOptions,
): ResolvedCandidate[] {
  placesOfIds([record])
  placesOfIds(candidates)
  const all = [record, ...candidates]
  const columns = recordColumns(all, options)
  const threshold = checkedThreshold(options.threshold)
  const model = checkedModel(options.model, columns) ?? priorModel(columns, all.length)
  const score = scoreOf(columns, model, options)
  return candidates
    .map((candidate, index) => {
      const probability = probabilityOf(score(0, index + 1))
      const reasons = pairReasons(columns, model, 0, index + 1)
      return { id: candidate.id, probability, isMatch: probability >= threshold, reasons }
    })
    .toSorted((a, b) => b.probability - a.probability)
}
