export { emailKey } from './email-address.js'
export type { FieldKindName } from './field-kind.js'
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
export { matchRecords } from './match-records.js'
export type { FieldAgreement, MatchRules } from './match-rules.js'
export { MatchingInputError } from './matching-input-error.js'
export { type ResolvedCandidate, resolveRecord } from './resolve-record.js'
