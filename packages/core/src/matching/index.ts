import { fullLanguageSupport } from './full-language-support.js'
import type { MatchableRecord, MatchOptions, MatchResult } from './match-options.js'
import { matchRecords as match } from './match-records.js'
import { type ResolvedCandidate, resolveRecord as resolve } from './resolve-record.js'

export * from './browser.js'
export { fullLanguageSupport } from './full-language-support.js'

const withLanguages = (options: MatchOptions): MatchOptions => ({ languages: fullLanguageSupport, ...options })

/** {@inheritDoc match} With libphonenumber, OpenCC and pinyin-pro, unless `languages` names others; in a page there are none. */
export function matchRecords(records: readonly MatchableRecord[], options: MatchOptions): MatchResult {
  return match(records, withLanguages(options))
}

/** {@inheritDoc resolve} With the same libraries as {@link matchRecords}. */
export function resolveRecord(
  record: MatchableRecord,
  candidates: readonly MatchableRecord[],
  options: MatchOptions,
): ResolvedCandidate[] {
  return resolve(record, candidates, withLanguages(options))
}
