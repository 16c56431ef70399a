import { levelFor } from './access/access-context.js'
import type { Actor } from './access/actor.js'
import type { Action, Level } from './access/role.js'
import { createTenantBackup, type TenantBackup } from './backup/index.js'
import { createImportService } from './crm-imports.js'
import { createDuplicateService, createMergeService } from './crm-merges.js'
import {
  type AssociationService,
  type AssociationTypeService,
  type Company,
  type CompanyService,
  type ConsentService,
  type Contact,
  type ContactService,
  createAssociationService,
  createAssociationTypeService,
  createCompanyService,
  createConsentService,
  createContactService,
  createExternalDataService,
  createGroupService,
  createOptionListService,
  createSuppressionService,
  type ExternalDataService,
  type GroupService,
  type OptionListService,
  type SuppressionService,
} from './customers/index.js'
import { createExportService, type ExportService } from './data-quality/export/index.js'
import type { ImportService } from './data-quality/import/index.js'
import {
  createMergeHistory,
  type DuplicateService,
  followingMerges,
  type MergeRecord,
  type MergeService,
  withMergedGuard,
} from './data-quality/index.js'
import {
  type ActivityService,
  createActivityService,
  createTimelineService,
  createVisitorService,
  type TimelineService,
  type VisitorService,
} from './engagement/index.js'
import type { CustomFieldService } from './entity/custom-fields/custom-field-service.js'
import { createCustomFieldService, createSavedViewService, createTenantService } from './entity/deferred-services.js'
import type { RecordReading } from './entity/record-service.js'
import type { RunEngine, RunService } from './entity/run-service.js'
import type { SavedViewService } from './entity/saved-views/saved-view-service.js'
import { createSearchIndexService, type SearchIndexService } from './entity/search/search-index.js'
import {
  createRecordSearch,
  createSearchAcross,
  type RecordSearch,
  type SearchAcross,
} from './entity/search/search-service.js'
import { withSearchRebuild } from './entity/search/searchable-custom-fields.js'
import type { SessionContext } from './entity/session-context.js'
import type { TenantService } from './entity/tenant-service.js'
import { createScoreService, createView360, type ScoreService, type View360 } from './insights/index.js'
import { createSegmentService, type SegmentService } from './marketing/index.js'
import {
  createMemberService,
  createOwnershipService,
  createPoolService,
  createTeamService,
  type MemberService,
  type OwnershipService,
  type PoolService,
  type TeamService,
} from './ownership/index.js'
import { createOrderService, type Order, type OrderService } from './sales/index.js'
import { createPrivacyService, type PrivacyService } from './security/index.js'
import { createTicketService, type Ticket, type TicketService } from './support/index.js'

/** What one actor can do in one tenant. Cheap to make: one per request. */
export interface CrmSession extends TenantBackup {
  readonly tenantId: string
  readonly actor: Actor
  readonly contacts: ContactService &
    MergeService &
    RecordSearch<Contact> & {
      /** A contact from all sides, in at most 12 statements. */
      view360(id: string): Promise<View360>
    }
  readonly companies: CompanyService & MergeService & RecordSearch<Company>
  readonly associations: AssociationService
  readonly associationTypes: AssociationTypeService
  readonly groups: GroupService
  readonly externalData: ExternalDataService
  /** What customer status, level, rating and risk grade may be. */
  readonly optionLists: OptionListService
  readonly duplicates: DuplicateService
  /** What was merged into what, newest first; their ids are what `unmerge` takes. */
  readonly merges: RecordReading<MergeRecord>
  readonly consents: ConsentService
  readonly suppressions: SuppressionService
  readonly orders: OrderService & RecordSearch<Order>
  readonly activities: ActivityService
  readonly timeline: TimelineService
  readonly visitors: VisitorService
  readonly segments: SegmentService
  readonly tickets: TicketService & RecordSearch<Ticket>
  readonly scores: ScoreService
  readonly exports: ExportService
  readonly imports: ImportService
  readonly runs: RunService
  readonly customFields: CustomFieldService
  readonly views: SavedViewService
  /** Searches contacts, companies, orders and tickets together, those of them that the actor may list. */
  readonly search: SearchAcross
  readonly searchIndex: SearchIndexService
  readonly privacy: PrivacyService
  readonly members: MemberService
  readonly teams: TeamService
  readonly ownership: OwnershipService
  /** Contacts and companies without an owner. */
  readonly pool: PoolService<{ contact: Contact; company: Company }>
  readonly tenant: TenantService
  /** The actor's level for every entity and action, so that a user interface can hide what is not allowed. */
  rights(): Promise<Readonly<Record<string, Readonly<Record<Action, Level>>>>>
}

const actions: readonly Action[] = ['create', 'read', 'update', 'delete']

/** The services of a session over its context. */
export function createCrmSession(context: SessionContext, runs: RunEngine): CrmSession {
  return {
    tenantId: context.tenantId,
    actor: context.actor,
    contacts: {
      ...withMergedGuard(
        context,
        'contact',
        followingMerges(context, createContactService, ['update', 'addRole', 'roles', 'colleagues']),
      ),
      ...createMergeService(context, 'contact', runs),
      ...createRecordSearch<Contact>(context, 'contact'),
      ...followingMerges(context, createView360, ['view360']),
    },
    companies: {
      ...withMergedGuard(
        context,
        'company',
        followingMerges(context, createCompanyService, ['update', 'people', 'hierarchy']),
      ),
      ...createMergeService(context, 'company', runs),
      ...createRecordSearch<Company>(context, 'company'),
    },
    associations: followingMerges(context, createAssociationService, ['of']),
    associationTypes: createAssociationTypeService(context),
    groups: followingMerges(context, createGroupService, ['of', 'leave', 'remove']),
    externalData: followingMerges(context, createExternalDataService, ['latest', 'history']),
    optionLists: createOptionListService(context),
    duplicates: createDuplicateService(context, runs),
    merges: createMergeHistory(context),
    consents: followingMerges(context, createConsentService),
    suppressions: createSuppressionService(context),
    orders: { ...followingMerges(context, createOrderService), ...createRecordSearch<Order>(context, 'order') },
    activities: followingMerges(context, createActivityService),
    timeline: createTimelineService(context),
    visitors: createVisitorService(context, runs),
    segments: createSegmentService(context),
    tickets: { ...followingMerges(context, createTicketService), ...createRecordSearch<Ticket>(context, 'ticket') },
    scores: createScoreService(context, runs),
    exports: createExportService(context),
    imports: createImportService(context, runs),
    runs: runs.service(context),
    customFields: withSearchRebuild(context, runs, createCustomFieldService(context, runs)),
    views: createSavedViewService(context),
    search: createSearchAcross(context),
    searchIndex: createSearchIndexService(context, runs),
    privacy: createPrivacyService(context, runs),
    members: createMemberService(context),
    teams: createTeamService(context),
    ownership: createOwnershipService(context, runs),
    pool: createPoolService(context, runs),
    tenant: createTenantService(context),
    ...createTenantBackup(context),
    async rights() {
      const access = await context.access()
      return Object.fromEntries(
        context.registry
          .all()
          .map(({ name }) => [
            name,
            Object.fromEntries(actions.map((action) => [action, levelFor(access, name, action)])) as Record<
              Action,
              Level
            >,
          ]),
      )
    },
  }
}
