export { type Duplicate, duplicateEntity, duplicateStatuses } from './duplicates/duplicate-entity.js'
export type { DuplicateService, FindDuplicates, ScanOptions } from './duplicates/duplicate-service.js'
export type { MatchKinds } from './duplicates/matching-engine.js'
export type { VerifiedIdentity } from './duplicates/verified-identity.js'
export { followingMerges } from './merge/following-merges.js'
export type { MergeCommand } from './merge/merge-command.js'
export type { MergeEvents } from './merge/merge-events.js'
export type { FieldChoice, MergeStrategy } from './merge/merge-fields.js'
export { createMergeHistory } from './merge/merge-history.js'
export {
  type MergeRecord,
  mergedRelationEntity,
  mergePreImageEntity,
  mergeRecordEntity,
  recordAliasEntity,
} from './merge/merge-record-entity.js'
export type { MergePreview, MergeResult, UnmergeResult } from './merge/merge-result.js'
export type { MergeService } from './merge/merge-service.js'
export type { Mergeable, MergeKinds } from './merge/mergeable.js'
export { withMergedGuard } from './merge/merged-guard.js'
