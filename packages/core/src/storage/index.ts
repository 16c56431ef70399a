/** What adapters are written against: the contract, its semantics as functions, and the errors they throw. */
export {
  CrmError,
  type CrmErrorCode,
  type CrmErrorDetails,
  invalidField,
  isCrmError,
  throwIfAborted,
  type ValidationIssue,
  validationError,
} from '../kernel/crm-error.js'
export { type Instant, instantOf, requireInstant, toInstant } from '../kernel/instant.js'
export { codePointLength, compareCodePoints, isStorableText } from '../kernel/text-safety.js'
export { aggregateRows, defaultGroupLimit } from './aggregate-rows.js'
export { applyWrite, type WriteOutcome } from './apply-write.js'
export { bucketInstant, bucketInstants, isTimeZone } from './bucket-instant.js'
export { compileOrder, compileTermOrder, isAfter, orderValues } from './compare-rows.js'
export { type Definitions, definitionsOf, requireEntity, withPromotedFields } from './definitions.js'
export {
  type EntityDef,
  type FieldDef,
  type FieldType,
  type IndexDef,
  type OrderTerm,
  type PathTarget,
  type PromotedType,
  parseOrderTerm,
  resolvePath,
} from './entity-def.js'
export { compareScalars, compileFilter } from './evaluate-filter.js'
export { allOf, anyOf, everything, type Filter, type FilterOp, filterPaths, isNothing, nothing } from './filter.js'
export { foldText } from './fold-text.js'
export { type GuardedSession, type GuardOptions, guardSession } from './guarded-session.js'
export { overlapLevels } from './overlap-levels.js'
export { groupLimit, prepareAggregate } from './prepare-aggregate.js'
export { defaultMaxBatch, prepareBatch, prepareRow } from './prepare-batch.js'
export { filterDepthLimit, filterNodeLimit, prepareFilter, valueListLimit } from './prepare-filter.js'
export { orderTermLimit, pageLimit, prepareOrder, prepareQuery } from './prepare-query.js'
export { prepareSearch, searchTermLimit } from './prepare-search.js'
export { indexedTextLimit } from './prepare-value.js'
export type {
  Aggregate,
  AggregateGroup,
  Bucket,
  Query,
  RowPage,
  Search,
  SearchHit,
  WeekStart,
} from './query.js'

export type { NewRow, Path, Row, Scalar } from './row.js'
export { defaultMaxScan } from './scan-rows.js'
export { rankHits } from './search-hits.js'
export { type RankedCandidate, rankCandidates, type SearchCandidate, type SearchText } from './search-rank.js'
export { leastOverlap, type SearchToken, searchTerms, searchTermsLimit, searchTokens } from './search-tokens.js'
export type {
  CallOptions,
  Capabilities,
  Change,
  LoadOptions,
  PromotedField,
  SchemaPlan,
  SchemaStep,
  SessionScope,
  StorageAdapter,
  StorageSession,
  SystemReader,
  SystemRow,
} from './storage-adapter.js'
export {
  checkFailed,
  idExists,
  mapStorageError,
  rowMissing,
  storageClosed,
  uniqueConflict,
  unknownEntity,
  versionConflict,
} from './storage-errors.js'
export { termGroups } from './term-groups.js'
export { compilePath, requirePath, valueAt } from './value-at.js'
export { type Write, type WriteResult, writtenId } from './write.js'
