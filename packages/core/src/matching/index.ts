import { fullLanguageSupport } from './full-language-support.js'
import type { MatchableRecord, MatchOptions, MatchResult } from './match-options.js'
import { matchRecords as match } from './match-records.js'
import { type ResolvedCandidate, resolveRecord as resolve } from './resolve-record.js'

export { emailKey } from './email-address.js'
export type { FieldKindName } from './field-kind.js'
export { fullLanguageSupport } from './full-language-support.js'
export type { LanguageSupport } from './language-support.js'
export type { FieldWeights, MatchModel } from './match-model.js'
export type {
  ConnectedReason,
  MatchableRecord,
  MatchedPair,
  MatchOptions,
  MatchReason,
  MatchResult,
} from './match-options.js'
export type { FieldAgreement, MatchRules } from './match-rules.js'
export { MatchingInputError } from './matching-input-error.js'
export type { ResolvedCandidate } from './resolve-record.js'

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
