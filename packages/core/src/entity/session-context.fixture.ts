import * as z from 'zod/mini'
import { accessContext } from '../access/access-context.js'
import type { Actor } from '../access/actor.js'
import { adminRole, type Role } from '../access/role.js'
import type { CrmError } from '../kernel/crm-error.js'
import { createIdGenerator } from '../kernel/id.js'
import { definitionsOf } from '../storage/definitions.js'
import { guardSession } from '../storage/guarded-session.js'
import { memoryStorage } from '../storage/memory/index.js'
import type { StorageAdapter, StorageSession } from '../storage/storage-adapter.js'
import type { Write } from '../storage/write.js'
import { type TestClock, testClock, testRandom } from '../testing.js'
import { counterEntity } from './counter.js'
import { customFieldEntity } from './custom-fields/custom-field.js'
import { createCustomFieldCatalogue } from './custom-fields/custom-field-catalogue.js'
import { customUniqueValueEntity } from './custom-fields/custom-unique-value.js'
import { pendingRollUpEntity } from './custom-fields/pending-roll-up.js'
import { defineEntity, type Entity, type RecordOf } from './entity.js'
import { createEntityRegistry } from './entity-registry.js'
import { createEventHub } from './event-hub.js'
import { bool, instant, int, longText, money, oneOf, reference, structured, text } from './field.js'
import { journalEntity } from './journal-entity.js'
import type { RunEngine } from './run-service.js'
import type { SessionContext } from './session-context.js'
import { tenantEntity } from './tenant.js'
import { createTenantKeys, tenantKeyEntity } from './tenant-key.js'

/** An entity with a field of every sort, for tests of the machinery alone. */
export const noteEntity = defineEntity({
  name: 'note',
  schema: z.strictObject({
    /** Natural key where there is one. */
    code: z.optional(text({ maxLength: 20, immutable: true })),
    title: text({ minLength: 1, maxLength: 100, folded: true }),
    body: z.optional(longText({ personal: true })),
    status: z._default(oneOf(['draft', 'done']), 'draft'),
    urgent: z._default(bool(), false),
    price: z.optional(money({ min: 0 })),
    place: z.optional(z.strictObject({ city: text(), street: z.optional(text()) })),
    links: z._default(structured(z.array(z.strictObject({ url: text() })).check(z.maxLength(3))), []),
    dueAt: z.optional(instant()),
    contactId: z.optional(reference('contact')),
    visibility: z._default(oneOf(['public', 'internal']), 'public'),
  }),
  derived: z.strictObject({
    readCount: z.optional(int({ min: 0 })),
    firstReadAt: z.optional(instant()),
    lastReadAt: z.optional(instant()),
    summary: z.optional(text({ folded: true })),
    scores: z.optional(z.strictObject({ rank: z.optional(int()) })),
  }),
  access: {
    reach: 'owned',
    portal: {
      contact: 'contactId',
      only: { path: 'visibility', value: 'public' },
      fields: ['title', 'price', 'custom.shown'],
      writable: ['title', 'contactId'],
    },
  },
  indexes: [{ name: 'title', on: ['title'] }],
  uniqueKey: (row) => row.code as string | undefined,
  uniqueRemedy: { field: 'code', remedy: 'choose another code' },
})

/** Reached only through its note. */
export const remarkEntity = defineEntity({
  name: 'remark',
  schema: z.strictObject({ noteId: reference('note', { immutable: true }), body: text() }),
  access: { reach: { parent: 'note', field: 'noteId' } },
})

/** Follows from notes. */
export const labelEntity = defineEntity({
  name: 'label',
  kind: 'projection',
  schema: z.strictObject({ word: text({ folded: true }), noteId: z.optional(text()) }),
  derived: z.strictObject({ uses: z.optional(int()) }),
  access: { reach: 'tenant' },
  uniqueKey: (row) => row.word as string,
})

/** A note as callers see it. */
export type Note = RecordOf<typeof noteEntity>

/** An open session over memory whose every batch can be looked at, and made to fail. */
export interface OpenedSession {
  readonly context: SessionContext
  readonly storage: StorageAdapter
  readonly clock: TestClock
  /** The batches written so far. */
  readonly batches: (readonly Write[])[]
  /** Errors that listeners threw. */
  readonly errors: unknown[]
  /** Called before and after each batch reaches the memory; what it throws fails the write. */
  readonly disturb: {
    before?: (batch: readonly Write[]) => Promise<void> | void
    after?: () => void
    read?: () => void
    find?: (entity: string) => Promise<void> | void
  }
  /** The same storage for another actor. */
  as(actor: Actor, roles?: readonly Role[]): SessionContext
}

export const member: Actor = { type: 'user', id: 'u_1' }

/** Opens a session of a member with all rights over a new memory storage. */
export async function openSession(entities: readonly Entity[] = []): Promise<OpenedSession> {
  const clock = testClock()
  const random = testRandom()
  const registry = createEntityRegistry([
    journalEntity,
    counterEntity,
    customFieldEntity,
    pendingRollUpEntity,
    customUniqueValueEntity,
    tenantEntity,
    tenantKeyEntity,
    noteEntity,
    remarkEntity,
    labelEntity,
    ...entities,
  ] as readonly Entity[])
  const storage = memoryStorage()
  await storage.open()
  await storage.apply(await storage.plan(registry.definitions()))
  const batches: (readonly Write[])[] = []
  const errors: unknown[] = []
  const disturb: OpenedSession['disturb'] = {}
  const inner = storage.session({ tenantId: 'acme' })
  const session: StorageSession = {
    async getMany(entity, ids, options) {
      disturb.read?.()
      return inner.getMany(entity, ids, options)
    },
    async find(query) {
      await disturb.find?.(query.entity)
      return inner.find(query)
    },
    async write(batch, options) {
      batches.push(batch)
      await disturb.before?.(batch)
      const results = await inner.write(batch, options)
      disturb.after?.()
      return results
    },
  }
  const guarded = guardSession(session, {
    definitions: definitionsOf(registry.definitions()),
    capabilities: storage.capabilities,
  })
  const newId = createIdGenerator(clock, random)
  const hub = createEventHub((error) => errors.push(error))
  const customFields = createCustomFieldCatalogue(clock)
  const tenantKeys = createTenantKeys(clock)
  const as = (actor: Actor, roles: readonly Role[] = [adminRole], cause?: string): SessionContext => ({
    tenantId: 'acme',
    actor,
    ...(cause !== undefined && { cause }),
    clock,
    newId,
    random,
    registry,
    storage: guarded,
    hub,
    customFields,
    tenantKeys,
    joinsHostTransaction: false,
    access: async () => accessContext(actor, roles),
    as: (other, why) => as(other, roles, why),
  })
  return { context: as(member), storage, clock, batches, errors, disturb, as }
}

/** An engine for services of which a test starts no run. */
export const noRuns: Pick<RunEngine, 'start'> = {
  start: () => {
    throw new Error('expected no run to be started')
  },
}

/** The error that work throws. Fails the test when it throws none. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<CrmError> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error as CrmError
  }
  throw new Error('expected the work to fail')
}
