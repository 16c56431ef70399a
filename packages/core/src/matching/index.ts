import { fullLanguageSupport } from './full-language-support.js'
import type { MatchableRecord, MatchOptions, MatchResult } from './match-options.js'
import { matchRecords as match } from './match-records.js'
import { type ResolvedCandidate, resolveRecord as resolve } from './resolve-record.js'

export * from './browser.js'
export { fullLanguageSupport } from './full-language-support.js'

const withLanguages = (options: MatchOptions): MatchOptions => ({ languages: fullLanguageSupport, ...options })

/**
 * Finds the records that are the same entity: pairs with their probability and reasons, and the clusters they make (Fellegi & Sunter
 * 1969). Telephone numbers and Chinese are read with libphonenumber, OpenCC and pinyin-pro unless `languages` names others; in a page
 * there are none. Up to about 1.5 million records in one call. Throws `MatchingInputError`.
 */
export function matchRecords(records: readonly MatchableRecord[], options: MatchOptions): MatchResult {
  return match(records, withLanguages(options))
}

/**
 * Compares one newcomer with candidates that a search brought up, and ranks them, the likeliest first, with the same libraries as
 * {@link matchRecords}; pass the `model` of a run over all records. Throws `MatchingInputError`.
 */
export function resolveRecord(
  record: MatchableRecord,
  candidates: readonly MatchableRecord[],
  options: MatchOptions,
): ResolvedCandidate[] {
  return resolve(record, candidates, withLanguages(options))
}
