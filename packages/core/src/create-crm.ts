import type { Actor } from './access/actor.js'
import { defaultRoles, type RolesCallback } from './access/role.js'
import { createRolesCache } from './access/roles-cache.js'
import { restorationEntity } from './backup/index.js'
import type { CrmEvent, CrmEventType } from './crm-events.js'
import { importRuns } from './crm-imports.js'
import { mergeRuns, sweepMerges } from './crm-merges.js'
import { type CrmSession, createCrmSession } from './crm-session.js'
import {
  associationEntity,
  associationTypeEntity,
  companyEntity,
  consentEntity,
  consentRequestEntity,
  contactEntity,
  contactGroupEntity,
  contactPointEntity,
  externalDataEntity,
  externalRefEntity,
  optionListEntity,
  suppressionEntity,
  suppressionHashEntity,
} from './customers/index.js'
import { importBatchEntity } from './data-quality/import/import-batch-entity.js'
import {
  duplicateEntity,
  mergedRelationEntity,
  mergePreImageEntity,
  mergeRecordEntity,
  recordAliasEntity,
} from './data-quality/index.js'
import {
  activityEntity,
  behaviourEventEntity,
  forgetBehaviourRun,
  timelineEntity,
  visitorConsentEntity,
  visitorEntity,
} from './engagement/index.js'
import { counterEntity } from './entity/counter.js'
import { customFieldEntity } from './entity/custom-fields/custom-field.js'
import { createCustomFieldCatalogue } from './entity/custom-fields/custom-field-catalogue.js'
import { customUniqueValueEntity } from './entity/custom-fields/custom-unique-value.js'
import { pendingRollUpEntity } from './entity/custom-fields/pending-roll-up.js'
import { recomputeRun } from './entity/custom-fields/recompute-run.js'
import { sweepPendingRollUps } from './entity/custom-fields/sweep-roll-ups.js'
import type { DomainEvent } from './entity/domain-event.js'
import { encryptionKeyEntity } from './entity/encryption/encryption-key-entity.js'
import type { EncryptionOptions } from './entity/encryption/encryption-options.js'
import type { FieldEncryption } from './entity/encryption/field-encryption.js'
import { encryptionRenewalRun } from './entity/encryption/renewal-run.js'
import { createEntityRegistry, type EntityRegistry } from './entity/entity-registry.js'
import { createEventHub } from './entity/event-hub.js'
import { inProcessJobRunner, type JobRunner } from './entity/job-runner.js'
import { journalEntity } from './entity/journal-entity.js'
import { runEntity } from './entity/run-entity.js'
import { createRunEngine, type RunKind } from './entity/run-service.js'
import { savedViewEntity } from './entity/saved-views/saved-view.js'
import { searchRebuildRun } from './entity/search/search-index.js'
import type { SessionContext } from './entity/session-context.js'
import { deliver, type SubscriptionOptions, subscriptionEntity } from './entity/subscription.js'
import { tenantEntity } from './entity/tenant.js'
import { createTenantKeys, tenantKeyEntity } from './entity/tenant-key.js'
import { type ScoringComputation, scoreEntity, scoreRefreshRun } from './insights/index.js'
import { type Clock, systemClock } from './kernel/clock.js'
import { CrmError, invalidField } from './kernel/crm-error.js'
import { createIdGenerator, type IdGenerator } from './kernel/id.js'
import { instantOf } from './kernel/instant.js'
import { type RandomSource, systemRandom } from './kernel/random-source.js'
import { isStorableText } from './kernel/text-safety.js'
import { segmentEntity, segmentMemberEntity } from './marketing/index.js'
import {
  claimLedgerEntity,
  handOverRun,
  memberEntity,
  ownerMoveEntity,
  poolPolicyEntity,
  recycleRuleEntity,
  recycleRun,
  teamEntity,
  undoMovesRun,
} from './ownership/index.js'
import { orderEntity } from './sales/index.js'
import { erasureEntity, erasureRun, legalHoldEntity, retentionPolicyEntity, retentionRun } from './security/index.js'
import { definitionsOf, withPromotedFields } from './storage/definitions.js'
import type { EntityDef } from './storage/entity-def.js'
import { guardSession } from './storage/guarded-session.js'
import type { Capabilities, SchemaPlan, StorageAdapter } from './storage/storage-adapter.js'
import { conversationEntity, messageEntity, ticketEntity } from './support/index.js'

/** What a CRM is made of. */
export interface CrmOptions {
  /** Where everything is kept: `memoryStorage()`, `postgresStorage(…)`, `pgliteStorage(…)`, or your own. */
  readonly storage: StorageAdapter
  /** Where the host keeps rights. Without it `user` and `system` actors may do everything, `contact` actors what is theirs. */
  readonly roles?: RolesCallback
  /** Who does long work; in this process when left out. */
  readonly jobs?: JobRunner
  /** Fields that are kept encrypted, and under whose keys; none when left out. Give it to {@link migrate} as well. */
  readonly encryption?: EncryptionOptions
  /** Where scores are computed: `scoringInWorker(…)`, say; in this thread when left out. */
  readonly scoring?: ScoringComputation
  readonly clock?: Clock
  readonly random?: RandomSource
  /** Calls {@link Crm.tick} this often, in milliseconds; never when left out, so that tests and serverless hosts do it themselves. */
  readonly tickEveryMs?: number
  /** Hears of errors nobody waits for: a listener or subscriber that throws, a job that cannot start. */
  readonly onError?: (error: unknown) => void
}

/** Whom a session serves. */
export interface SessionOptions {
  readonly tenantId: string
  readonly actor: Actor
  /** Why, for the journal: a request id, say. */
  readonly cause?: string
  /** A transaction of the host (anything with a `query`) that writes join. Nothing is published in this process then. */
  readonly transaction?: unknown
}

/** A durable subscriber to events of the catalogue. */
export interface CrmSubscription<Type extends CrmEventType = CrmEventType>
  extends Omit<SubscriptionOptions, 'types' | 'handle'> {
  /** Types of events it wants; all when left out. */
  readonly types?: readonly Type[]
  /** Called once per event, one after the other. When it throws, the event is delivered again at the next tick. */
  readonly handle: (event: CrmEvent<Type>) => void | Promise<void>
}

/** A running CRM. */
export interface Crm extends AsyncDisposable {
  /** What the storage can do; a call it cannot serve is refused with `unsupported`. */
  readonly capabilities: Capabilities
  session(options: SessionOptions): CrmSession
  /** Events of this process, after commit, at most once; `*` for all. Returns how to stop. */
  on<Type extends CrmEventType>(type: Type, listener: (event: CrmEvent<Type>) => void): () => void
  on(type: '*', listener: (event: CrmEvent) => void): () => void
  /** Events from the journal, at least once, across restarts. Delivered by {@link Crm.tick}. Returns how to stop. */
  subscribe<Type extends CrmEventType = CrmEventType>(subscription: CrmSubscription<Type>): () => void
  /**
   * Does what is due: delivers to subscribers and takes up interrupted runs. Call it every few seconds, or set `tickEveryMs`.
   * Calls do not overlap: one that comes while another is at work gets its answer.
   */
  tick(): Promise<{ readonly delivered: number; readonly resumed: number }>
  /** Ends runs at their next checkpoint and closes the storage. Interrupted runs go on at the next start. */
  close(): Promise<void>
}

/** Every entity of a CRM. */
export const crmEntities = [
  journalEntity,
  tenantEntity,
  tenantKeyEntity,
  encryptionKeyEntity,
  counterEntity,
  customFieldEntity,
  pendingRollUpEntity,
  customUniqueValueEntity,
  savedViewEntity,
  subscriptionEntity,
  runEntity,
  restorationEntity,
  contactEntity,
  contactPointEntity,
  externalRefEntity,
  companyEntity,
  associationEntity,
  associationTypeEntity,
  contactGroupEntity,
  externalDataEntity,
  optionListEntity,
  consentEntity,
  consentRequestEntity,
  suppressionEntity,
  suppressionHashEntity,
  orderEntity,
  activityEntity,
  timelineEntity,
  visitorEntity,
  visitorConsentEntity,
  behaviourEventEntity,
  segmentEntity,
  segmentMemberEntity,
  ticketEntity,
  conversationEntity,
  messageEntity,
  scoreEntity,
  importBatchEntity,
  mergeRecordEntity,
  mergePreImageEntity,
  mergedRelationEntity,
  recordAliasEntity,
  duplicateEntity,
  erasureEntity,
  legalHoldEntity,
  retentionPolicyEntity,
  memberEntity,
  teamEntity,
  ownerMoveEntity,
  poolPolicyEntity,
  claimLedgerEntity,
  recycleRuleEntity,
] as const

/** The collections a CRM keeps, as data: what a storage adapter is planned with. */
export function crmDefinitions(): readonly EntityDef[] {
  return createEntityRegistry(crmEntities).definitions()
}

/** What decides how things are kept. */
export type MigrationOptions = Pick<CrmOptions, 'encryption'>

/** What bringing a storage up to date would do. The storage is opened and closed. */
export async function planMigration(storage: StorageAdapter, options: MigrationOptions = {}): Promise<SchemaPlan> {
  const { definitions } = await registryFor({ ...options, storage })
  await storage.open()
  try {
    return await storage.plan(definitions())
  } finally {
    await storage.close()
  }
}

/** Brings a storage up to date and tells what was done. For deployments, before the application starts. */
export async function migrate(storage: StorageAdapter, options: MigrationOptions = {}): Promise<SchemaPlan> {
  const { definitions } = await registryFor({ ...options, storage })
  await storage.open()
  try {
    const plan = await storage.plan(definitions())
    await storage.apply(plan)
    return plan
  } finally {
    await storage.close()
  }
}

/**
 * Opens the storage and starts a CRM on it. Throws `storage_failed` when the schema is behind and the storage does not migrate by
 * itself: run {@link migrate} first, or choose `migrate: 'auto'`.
 */
export async function createCrm(options: CrmOptions): Promise<Crm> {
  const {
    storage,
    clock = systemClock,
    random = systemRandom,
    roles = defaultRoles,
    jobs = inProcessJobRunner(),
  } = options
  const onError = options.onError ?? (() => {})
  if (storage?.apiVersion !== 1) throw new TypeError('storage must be a storage adapter of apiVersion 1')
  const encryption = await encryptionFor(options)
  const registry = encryption?.registry ?? createEntityRegistry(crmEntities)
  const definitions = definitionsOf(withPromotedFields(registry.definitions(), storage.capabilities.promoted))
  await openUpToDate(storage, registry.definitions())

  const rolesCache = createRolesCache(roles, clock)
  const hub = createEventHub(onError)
  const customFields = createCustomFieldCatalogue(clock)
  const tenantKeys = createTenantKeys(clock)
  const newId: IdGenerator = createIdGenerator(clock, random)
  const { maxBatch } = storage.capabilities
  const kinds = [
    scoreRefreshRun(options.scoring),
    ...mergeRuns,
    // Encryption adds a check to the batch.
    ...importRuns(encryption ? maxBatch - 1 : maxBatch),
    encryptionRenewalRun,
    erasureRun,
    retentionRun,
    recomputeRun,
    searchRebuildRun,
    handOverRun(maxBatch),
    recycleRun(maxBatch),
    undoMovesRun,
    forgetBehaviourRun,
  ]
  const engine = createRunEngine(kinds as readonly unknown[] as readonly RunKind<never>[], jobs)
  /** With the id after which a subscriber that is new wants events. */
  const subscriptions = new Map<SubscriptionOptions, string>()
  let closed = false

  const guarded = (tenantId: string, transaction?: unknown) =>
    guardSession(storage.session({ tenantId, ...(transaction !== undefined && { transaction }) }), {
      definitions,
      capabilities: storage.capabilities,
    })

  const contextOf = (session: SessionOptions): SessionContext => {
    const { tenantId, actor, cause, transaction } = session
    const stored = guarded(tenantId, transaction)
    return {
      tenantId,
      actor,
      ...(cause !== undefined && { cause }),
      clock,
      newId,
      random,
      registry,
      ...(encryption?.open(stored, tenantId, transaction !== undefined) ?? { storage: stored }),
      hub,
      customFields,
      tenantKeys,
      joinsHostTransaction: transaction !== undefined,
      access: () => rolesCache.contextFor(tenantId, actor),
      as: (other, why) => contextOf({ ...session, actor: other, ...(why !== undefined && { cause: why }) }),
    }
  }

  const runner: Actor = { type: 'system', id: 'run' }
  await jobs.work(async ({ tenantId, runId }) => {
    try {
      await engine.execute(contextOf({ tenantId, actor: runner }), runId)
    } catch (error) {
      onError(error)
    }
  })

  const resumeRuns = async (): Promise<number> => {
    const reader = storage.system?.()
    if (!reader) return 0
    const now = instantOf(clock.now())
    const interrupted = await reader.find({
      entity: 'run',
      where: {
        op: 'and',
        args: [
          { op: 'in', path: 'status', values: ['queued', 'running'] },
          { op: 'isNull', path: 'deletedAt' },
          {
            op: 'or',
            args: [
              { op: 'isNull', path: 'leaseUntil' },
              { op: 'lte', path: 'leaseUntil', value: now },
            ],
          },
        ],
      },
      order: ['createdAt', 'id'],
      limit: 100,
    })
    for (const { tenantId, row } of interrupted) await jobs.enqueue({ tenantId, runId: row.id })
    return interrupted.length
  }

  const sweep = async (): Promise<void> => {
    const reader = storage.system?.()
    if (!reader) return
    const contextFor = (tenantId: string): SessionContext => contextOf({ tenantId, actor: runner })
    await sweepPendingRollUps(reader, contextFor).catch(onError)
    await sweepMerges(reader, clock.now(), contextFor).catch(onError)
  }

  const deliverAll = async (): Promise<number> => {
    let delivered = 0
    if (subscriptions.size === 0) return delivered
    for await (const tenantId of storage.tenants()) {
      for (const [subscription, since] of subscriptions) {
        try {
          delivered += await deliver(guarded(tenantId), tenantId, subscription, clock, since)
        } catch (error) {
          onError(error)
        }
      }
    }
    return delivered
  }

  type Ticked = Awaited<ReturnType<Crm['tick']>>
  let ticking: Promise<Ticked> | undefined
  const tick = (): Promise<Ticked> => {
    ticking ??= (async () => {
      await sweep()
      return { delivered: await deliverAll(), resumed: await resumeRuns() }
    })().finally(() => {
      ticking = undefined
    })
    return ticking
  }
  const timer =
    options.tickEveryMs === undefined ? undefined : setInterval(() => tick().catch(onError), options.tickEveryMs)

  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    clearInterval(timer)
    await ticking?.catch(() => {})
    engine.close()
    await jobs.close()
    hub.clear()
    await storage.close()
  }

  return {
    capabilities: storage.capabilities,
    session(session) {
      if (closed) throw new CrmError('storage_failed', 'The CRM is closed', { reason: 'closed', retriable: false })
      checkSession(session)
      return createCrmSession(contextOf(session), engine)
    },
    on: (type: string, listener: (event: never) => void) => hub.on(type, listener as (event: DomainEvent) => void),
    subscribe(subscription) {
      if (!subscription.name) throw new TypeError('A subscription needs a name')
      if (storage.capabilities.changes === 'none') {
        throw new CrmError('unsupported', `${storage.name} has no change feed`, {
          remedy: 'use crm.on, or a storage with a change feed',
        })
      }
      const durable = subscription as unknown as SubscriptionOptions
      subscriptions.set(durable, newId())
      return () => {
        subscriptions.delete(durable)
      }
    },
    tick,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function registryFor(options: CrmOptions): Promise<EntityRegistry> {
  return (await encryptionFor(options))?.registry ?? createEntityRegistry(crmEntities)
}

/** Loaded when it is wanted: a page that encrypts nothing does not carry it. */
async function encryptionFor(options: CrmOptions): Promise<FieldEncryption | undefined> {
  const { encryption, storage, clock = systemClock, random = systemRandom } = options
  if (!encryption) return undefined
  const [{ createFieldEncryption }, { fieldCopies }] = await Promise.all([
    import('./entity/encryption/field-encryption.js'),
    import('./field-copies.js'),
  ])
  const { promoted } = storage.capabilities
  return createFieldEncryption(encryption, {
    entities: crmEntities,
    copies: fieldCopies,
    person: 'contact',
    promoted,
    clock,
    random,
  })
}

async function openUpToDate(storage: StorageAdapter, definitions: readonly EntityDef[]): Promise<void> {
  await storage.open()
  try {
    const plan = await storage.plan(definitions)
    if (plan.steps.length === 0) return
    if (storage.migrate === 'auto') return await storage.apply(plan)
    throw new CrmError('storage_failed', `The schema of ${storage.name} is ${plan.steps.length} steps behind`, {
      reason: 'schema_behind',
      retriable: false,
      remedy: "run migrate(storage) of @rapport/core, or open the storage with migrate: 'auto'",
    })
  } catch (error) {
    await storage.close()
    throw error
  }
}

function checkSession({ tenantId, actor, cause }: SessionOptions): void {
  const named = (value: unknown): boolean =>
    typeof value === 'string' && value.length > 0 && value.length <= 200 && isStorableText(value)
  const namedOrAbsent = (value: unknown): boolean => value === undefined || named(value)
  if (!named(tenantId)) throw invalidField('tenantId', 'must be a text of 1 to 200 characters')
  if (!named(actor?.type) || (!named(actor.id) && actor.type !== 'anonymous'))
    throw invalidField('actor', 'must have a type and an id')
  for (const field of ['name', 'via', 'companyId'] as const) {
    if (!namedOrAbsent(actor[field]))
      throw invalidField(`actor.${field}`, 'must be a text of 1 to 200 characters, or left out')
  }
  if (!namedOrAbsent(cause)) throw invalidField('cause', 'must be a text of 1 to 200 characters, or left out')
}
