export { type Duplicate, duplicateEntity, duplicateStatuses } from './duplicates/duplicate-entity.js'
export {
  createDuplicateService,
  type DuplicateService,
  type FindDuplicates,
  type ScanOptions,
} from './duplicates/duplicate-service.js'
export type { MatchKinds } from './duplicates/matching-engine.js'
export { duplicateScanRun } from './duplicates/scan-run.js'
export { conflictingIdentifiers, isSameVerified, type VerifiedIdentity } from './duplicates/verified-identity.js'
export type { MergeCommand } from './merge/merge-command.js'
export type { MergeEvents } from './merge/merge-events.js'
export type { FieldChoice, MergeStrategy } from './merge/merge-fields.js'
export { followingMerges } from './merge/following-merges.js'
export { createMergeHistory } from './merge/merge-history.js'
export {
  type MergeRecord,
  mergedRelationEntity,
  mergePreImageEntity,
  mergeRecordEntity,
  recordAliasEntity,
} from './merge/merge-record-entity.js'
export type { MergePreview, MergeResult, UnmergeResult } from './merge/merge-result.js'
export { createMergeService, type MergeService } from './merge/merge-service.js'
export type { Mergeable, MergeKinds } from './merge/mergeable.js'
export { withMergedGuard } from './merge/merged-guard.js'
export { resolveAliases } from './merge/record-alias.js'
export { mergeRun, unmergeRun } from './merge/run-kinds.js'
