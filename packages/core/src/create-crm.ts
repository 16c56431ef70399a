import type { Actor } from './access/actor.js'
import { defaultRoles } from './access/role.js'
import { createRolesCache } from './access/roles-cache.js'
import type { Crm, CrmOptions, SessionOptions } from './crm.js'
import { crmRuns } from './crm-runs.js'
import { crmSchema, openUpToDate } from './crm-schema.js'
import { createCrmSession } from './crm-session.js'
import { createTick } from './crm-tick.js'
import { createCustomFieldCatalogue } from './entity/custom-fields/custom-field-catalogue.js'
import type { DomainEvent } from './entity/domain-event.js'
import { createEventHub } from './entity/event-hub.js'
import { inProcessJobRunner } from './entity/job-runner.js'
import { createRunEngine } from './entity/run-service.js'
import type { SessionContext } from './entity/session-context.js'
import type { SubscriptionOptions } from './entity/subscription.js'
import { createTenantKeys } from './entity/tenant-key.js'
import { systemClock } from './kernel/clock.js'
import { CrmError, invalidField } from './kernel/crm-error.js'
import { createIdGenerator, type IdGenerator } from './kernel/id.js'
import { systemRandom } from './kernel/random-source.js'
import { isStorableText } from './kernel/text-safety.js'
import { definitionsOf, withPromotedFields } from './storage/definitions.js'
import { guardSession } from './storage/guarded-session.js'

/**
 * Opens the storage and starts a CRM on it. Throws `storage_failed` when the schema is behind and the storage does not migrate by
 * itself: run `migrate` first, or choose `migrate: 'auto'`.
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
  const { registry, encryption } = await crmSchema(options)
  const definitions = definitionsOf(withPromotedFields(registry.definitions(), storage.capabilities.promoted))
  await openUpToDate(storage, registry.definitions())

  const rolesCache = createRolesCache(roles, clock)
  const hub = createEventHub(onError)
  const customFields = createCustomFieldCatalogue(clock)
  const tenantKeys = createTenantKeys(clock)
  const newId: IdGenerator = createIdGenerator(clock, random)
  const engine = createRunEngine(
    crmRuns({ scoring: options.scoring, maxBatch: storage.capabilities.maxBatch, encrypts: encryption !== undefined }),
    jobs,
  )
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

  const tick = createTick({
    storage,
    clock,
    jobs,
    subscriptions,
    sessionOf: guarded,
    contextOf: (tenantId) => contextOf({ tenantId, actor: runner }),
    onError,
  })
  const timer =
    options.tickEveryMs === undefined ? undefined : setInterval(() => tick.run().catch(onError), options.tickEveryMs)

  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    clearInterval(timer)
    await tick.settle()
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
    tick: tick.run,
    close,
    [Symbol.asyncDispose]: close,
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
