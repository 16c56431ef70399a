export { type Actor, type ActorType, isPortalActor } from './access/actor.js'
export {
  type Action,
  type AssignmentLevel,
  adminRole,
  type EntityRights,
  type Level,
  portalRole,
  type Role,
  type RolesCallback,
} from './access/role.js'
export type { BackupConsistency, BackupText, RestoredTenant, TenantBackup } from './backup/index.js'
export { createCrm } from './create-crm.js'
export type { Crm, CrmOptions, CrmSubscription, SessionOptions } from './crm.js'
export { crmDefinitions } from './crm-entities.js'
export type { CrmEvent, CrmEvents, CrmEventType } from './crm-events.js'
export { type MigrationOptions, migrate, planMigration } from './crm-schema.js'
export type { CrmSession } from './crm-session.js'
export {
  type Address,
  type Association,
  type AssociationService,
  type AssociationType,
  type AssociationTypeService,
  type Colleague,
  type Company,
  type CompanyHierarchy,
  type CompanyPatch,
  type CompanyPerson,
  type CompanyService,
  type CompanyUpsert,
  type Consent,
  type ConsentAsked,
  type ConsentDecision,
  type ConsentProof,
  type ConsentReason,
  type ConsentRequest,
  type ConsentService,
  type Contact,
  type ContactGroup,
  type ContactGroupPatch,
  type ContactPatch,
  type ContactRole,
  type ContactRolePatch,
  type ContactService,
  type ContactUpsert,
  type CustomerOption,
  consentChannels,
  type DecisionRole,
  decisionRoles,
  type Email,
  type ExternalData,
  type ExternalDataService,
  type ExternalRef,
  type FactsSubject,
  type GroupMember,
  type GroupMembership,
  type GroupService,
  groupKinds,
  type HeldMembership,
  type HeldRole,
  type HierarchyOptions,
  type ItemReport,
  isConsentGranted,
  lifecycleStages,
  type MembersOptions,
  type NewAssociation,
  type NewAssociationType,
  type NewCompany,
  type NewConsent,
  type NewContact,
  type NewContactGroup,
  type NewContactRole,
  type NewExternalData,
  type NewMember,
  type NewOptInRequest,
  type OptInRequest,
  type OptionField,
  type OptionListService,
  optionFields,
  optionPresets,
  type PeopleOptions,
  type Phone,
  type PlacedCompany,
  type RoleFields,
  type SeenAssociation,
  type SuppressedValue,
  type Suppression,
  type SuppressionService,
} from './customers/index.js'
export type { CsvExportOptions, ExportOptions, ExportRelation, ExportService } from './data-quality/export/index.js'
export type {
  CellStyle,
  ColumnSuggestion,
  ColumnTarget,
  FieldSuggestion,
  ImportFile,
  ImportFormat,
  ImportMapping,
  ImportMode,
  ImportOptions,
  ImportPreview,
  ImportRowError,
  ImportService,
  ImportSuggestion,
  RowCounts,
  RowOutcome,
  SuggestOptions,
  TextEncoding,
  UndoConflict,
} from './data-quality/import/index.js'
export type {
  Duplicate,
  DuplicateService,
  FieldChoice,
  FindDuplicates,
  MergeCommand,
  MergePreview,
  MergeRecord,
  MergeResult,
  MergeService,
  MergeStrategy,
  ScanOptions,
  UnmergeResult,
} from './data-quality/index.js'
export {
  type Activity,
  type ActivityPatch,
  type ActivityService,
  type BehaviourEvent,
  type BehaviourListOptions,
  type BehaviourProperty,
  type BehaviourRefusal,
  type BehaviourReport,
  type BehaviourSubject,
  behaviourTypes,
  type NewActivity,
  type NewBehaviourEvent,
  type NewVisitorConsent,
  type Subject,
  type TimelineEntry,
  type TimelineService,
  type Visitor,
  type VisitorClaim,
  type VisitorConsent,
  type VisitorConsentAsked,
  type VisitorConsentDecision,
  type VisitorConsentService,
  type VisitorIdentity,
  type VisitorService,
} from './engagement/index.js'
export type { ActorStamp, BaseRecord, CustomValue } from './entity/base-record.js'
export type { CustomField } from './entity/custom-fields/custom-field.js'
export type {
  CustomFieldPatch,
  CustomFieldService,
  NewCustomField,
} from './entity/custom-fields/custom-field-service.js'
export type { Formula, FormulaFunction, ValueType } from './entity/custom-fields/formula.js'
export type { RollUp, RollUpFunction } from './entity/custom-fields/roll-up.js'
export type { DomainEvent } from './entity/domain-event.js'
export type { EncryptionOptions, Keyring } from './entity/encryption/encryption-options.js'
export type { UpdateOptions } from './entity/field-merge.js'
export { inProcessJobRunner, type Job, type JobRunner } from './entity/job-runner.js'
export type { ChainVerdict } from './entity/journal-chain.js'
export type { HistoryEntry } from './entity/record-history.js'
export type { FindOptions, ReadOptions } from './entity/record-reader.js'
export type { RecordReading, RecordRemoval, RecordService } from './entity/record-service.js'
export type { Run } from './entity/run-entity.js'
export type { RunService } from './entity/run-service.js'
export type { SavedView } from './entity/saved-views/saved-view.js'
export type {
  ListedView,
  NewSavedView,
  OpenView,
  SavedViewPatch,
  SavedViewService,
} from './entity/saved-views/saved-view-service.js'
export type { ViewFault } from './entity/saved-views/view-faults.js'
export type { RecordHit, SearchOptions } from './entity/search/record-search.js'
export type { SearchAcrossOptions, SearchHit } from './entity/search/search-across.js'
export type { SearchIndexService } from './entity/search/search-index.js'
export type { RecordSearch, SearchAcross } from './entity/search/search-service.js'
export type { Tenant } from './entity/tenant.js'
export type { TenantService } from './entity/tenant-service.js'
export type { Where, WhereObject, WhereTerm } from './entity/where.js'
export {
  type EngagementModel,
  type RefreshOptions,
  type Score,
  type ScoreColumns,
  type ScoreModel,
  type ScoreService,
  type ScoringComputation,
  type ScoringJob,
  type ScoringWorker,
  scoreModels,
  scoringInWorker,
  type View360,
} from './insights/index.js'
export { type Clock, systemClock } from './kernel/clock.js'
export {
  CrmError,
  type CrmErrorCode,
  type CrmErrorDetails,
  isCrmError,
  type ValidationIssue,
} from './kernel/crm-error.js'
export { isId } from './kernel/id.js'
export type { Instant } from './kernel/instant.js'
export { addMoney, formatDecimal, isCurrency, type Money, minorDigits, parseMoney } from './kernel/money.js'
export { eachItem, type Page } from './kernel/page.js'
export { type RandomSource, systemRandom } from './kernel/random-source.js'
export {
  type BehaviourTerm,
  type MembershipReport,
  matchesSegment,
  type NewSegment,
  type Segment,
  type SegmentCandidate,
  type SegmentCondition,
  type SegmentPage,
  type SegmentPatch,
  type SegmentService,
} from './marketing/index.js'
export type {
  HandOver,
  Member,
  MemberService,
  Ownership,
  OwnershipService,
  PoolPolicy,
  PoolPolicyService,
  PoolService,
  PoolTurn,
  RecycleForecast,
  RecycleRule,
  RecycleRuleService,
  SavedMember,
  SavedTeam,
  Team,
  TeamService,
} from './ownership/index.js'
export type { NewOrder, Order, OrderPatch, OrderService } from './sales/index.js'
export type {
  Erasure,
  ErasureMode,
  ErasureOptions,
  LegalHold,
  LegalHoldService,
  PersonalDataEntry,
  PrivacyService,
  RetentionForecast,
  RetentionPolicy,
  RetentionService,
} from './security/index.js'
export {
  type Conversation,
  type Message,
  type NewTicket,
  type Reply,
  type Ticket,
  type TicketCategory,
  type TicketPatch,
  type TicketService,
  ticketCategories,
  ticketChannels,
  ticketPriorities,
  ticketTypes,
} from './support/index.js'
