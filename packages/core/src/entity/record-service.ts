import type * as z from 'zod/mini'
import { type AccessContext, levelFor } from '../access/access-context.js'
import { type FieldMask, fieldMask } from '../access/field-mask.js'
import type { Action } from '../access/role.js'
import { CrmError, isCrmError, validationError } from '../kernel/crm-error.js'
import type { Page } from '../kernel/page.js'
import type { Path, Row } from '../storage/row.js'
import type { BaseInput } from './base-record.js'
import { commit } from './commit.js'
import { accessDenied } from './commit-rights.js'
import type { CustomFields } from './custom-fields/custom-field-catalogue.js'
import { type CustomValues, mergeCustomValues, newCustomValues } from './custom-fields/custom-value.js'
import type { PlannedEvent } from './domain-event.js'
import { type Entity, type EntitySchema, ownerFieldOf, type RecordOf } from './entity.js'
import type { EntityChange } from './entity-change.js'
import { refuseLostUpdate, type UpdateOptions } from './field-merge.js'
import { namedPaths, parseNew, parsePatch } from './input.js'
import type { ChainVerdict } from './journal-chain.js'
import { toRecord } from './record.js'
import { type HistoryEntry, readHistory, verifyHistory } from './record-history.js'
import {
  countRecords,
  eachRecord,
  type FindOptions,
  findRecords,
  maskFor,
  type ReadOptions,
  readMany,
  readOne,
} from './record-reader.js'
import type { SessionContext } from './session-context.js'

/** Input of a new record: the entity's own fields, and the base fields a caller may set. */
export type NewOf<E> = E extends Entity<infer Schema, EntitySchema> ? z.input<Schema> & BaseInput : never

/** Input of a change: any of the fields; `null` clears one that is optional, not one that is required or has a default. */
export type PatchOf<E> =
  E extends Entity<infer Schema, EntitySchema>
    ? {
        [K in keyof z.input<Schema>]?: K extends keyof z.output<Schema>
          ? undefined extends z.output<Schema>[K]
            ? z.input<Schema>[K] | null
            : z.input<Schema>[K]
          : never
      } & { [K in keyof BaseInput]?: BaseInput[K] | null }
    : never

/** What every entity's service can do. `R` is the record. */
export interface RecordReading<R> {
  /** Throws `not_found` when the record is not there or the actor may not know of it. */
  get(id: string, options?: ReadOptions): Promise<R>
  /** In the order of the ids, holes kept. At most 1,000. */
  getMany(ids: readonly string[], options?: ReadOptions): Promise<(R | undefined)[]>
  find(options?: FindOptions): Promise<Page<R>>
  each(options?: Omit<FindOptions, 'cursor'>): AsyncGenerator<R>
  count(options?: Pick<FindOptions, 'where' | 'includeDeleted' | 'signal'>): Promise<number>
  /** Changes of a record, newest first. */
  history(id: string, options?: { readonly limit?: number; readonly cursor?: string }): Promise<Page<HistoryEntry>>
  /** Whether the record's journal was tampered with. */
  verifyHistory(id: string): Promise<ChainVerdict>
}

/** Reading plus soft delete. */
export interface RecordRemoval<R> {
  /** Hides the record; `restore` brings it back. */
  delete(id: string, options?: { readonly ifVersion?: number }): Promise<void>
  restore(id: string): Promise<R>
}

/** The service of an entity without rules of its own. */
export interface RecordService<R, New, Patch> extends RecordReading<R>, RecordRemoval<R> {
  create(input: New): Promise<R>
  /** Changes fields. Edits of different fields by different people merge; of the same field they are a `conflict`. */
  update(id: string, patch: Patch, options?: UpdateOptions): Promise<R>
}

/** What was read has changed: the record itself, or one that the plan relies on. */
const isOvertaken: ReadonlySet<string | undefined> = new Set(['version', 'check'])

/** In every round at least one writer gets through, so this many at once all do. */
const attempts = 20

/** The reading half of a service. */
export function createRecordReading<E extends Entity>(context: SessionContext, entity: E): RecordReading<RecordOf<E>> {
  type R = RecordOf<E>
  return {
    async get(id, options) {
      const [row, mask] = await Promise.all([readOne(context, entity, id, options), maskFor(context, entity)])
      return toRecord<R>(entity, row, mask)
    },
    async getMany(ids, options) {
      const [rows, mask] = await Promise.all([readMany(context, entity, ids, options), maskFor(context, entity)])
      return rows.map((row) => row && toRecord<R>(entity, row, mask))
    },
    find: (options) => findRecords<R>(context, entity, options),
    each: (options) => eachRecord<R>(context, entity, options),
    count: (options) => countRecords(context, entity, options),
    history: (id, options) => readHistory(context, entity, id, options),
    verifyHistory: (id) => verifyHistory(context, entity, id),
  }
}

/** The removing half of a service. `planMore` adds what goes with the record. */
export function createRecordRemoval<E extends Entity>(
  context: SessionContext,
  entity: E,
  planMore: (kind: 'delete' | 'restore', row: Row) => Promise<readonly EntityChange[]> = async () => [],
): RecordRemoval<RecordOf<E>> {
  return {
    async delete(id, options = {}) {
      await retryOnConflict(async () => {
        const row = await readOne(context, entity, id)
        if (options.ifVersion !== undefined && options.ifVersion !== row.version) throw staleVersion(entity, row)
        await commit(context, [
          { kind: 'delete', entity: entity.name, before: row },
          ...(await planMore('delete', row)),
        ])
      })
    },
    async restore(id) {
      const row = await readOne(context, entity, id, { includeDeleted: true })
      if (row.deletedAt === undefined) return toRecord(entity, row, await maskFor(context, entity))
      const done = await commit(context, [
        { kind: 'restore', entity: entity.name, before: row },
        ...(await planMore('restore', row)),
      ])
      return toRecord(entity, done.row(entity.name, id), await maskFor(context, entity))
    },
  }
}

/** A whole service for an entity without rules of its own. */
export function createRecordService<E extends Entity>(
  context: SessionContext,
  entity: E,
): RecordService<RecordOf<E>, NewOf<E>, PatchOf<E>> {
  return {
    ...createRecordReading(context, entity),
    ...createRecordRemoval(context, entity),
    async create(input) {
      const plan = await planCreate(context, entity, input)
      return committed(context, entity, plan.id, [plan.change])
    },
    async update(id, patch, options = {}) {
      return retryOnConflict(async () => {
        const change = await planUpdate(context, entity, id, patch, options)
        return committed(context, entity, id, [change])
      })
    },
  }
}

/** Commits and gives back the record as the actor sees it. */
export async function committed<E extends Entity>(
  context: SessionContext,
  entity: E,
  id: string,
  changes: readonly EntityChange[],
): Promise<RecordOf<E>> {
  const [done, mask] = await Promise.all([commit(context, changes), maskFor(context, entity)])
  return toRecord<RecordOf<E>>(entity, done.row(entity.name, id), mask)
}

/** A record to create, from untrusted input: rights, field mask, schema and custom fields are checked. */
export async function planCreate(
  context: SessionContext,
  entity: Entity,
  input: unknown,
  options: {
    readonly id?: string
    readonly events?: readonly PlannedEvent[]
    /** Fields that the service sets, whatever the actor may. */
    readonly fixed?: Readonly<Record<string, unknown>>
  } = {},
): Promise<{ id: string; values: Record<Path, unknown>; change: Extract<EntityChange, { kind: 'create' }> }> {
  const access = await context.access()
  const mask = requireWritableBy(access, entity, 'create', input)
  const values = parseNew(entity, { ...(input as object), ...options.fixed })
  await fillCustom(context, entity, values, mask)
  takeOwnership(access, entity, values)
  const id = options.id ?? context.newId()
  return {
    id,
    values,
    change: { kind: 'create', entity: entity.name, id, values, ...(options.events && { events: options.events }) },
  }
}

/** A change of a record (its id, or its row when it was read already), from untrusted input: rights, field mask, schema, custom fields and lost updates are checked. */
export async function planUpdate(
  context: SessionContext,
  entity: Entity,
  record: string | Row,
  patch: unknown,
  options: UpdateOptions = {},
): Promise<Extract<EntityChange, { kind: 'update' }>> {
  const before = typeof record === 'string' ? await readOne(context, entity, record) : record
  await requireWritable(context, entity, 'update', patch)
  const values = parsePatch(entity, patch)
  if (values.custom !== undefined) {
    const [old, given] = [before.custom ?? {}, values.custom] as [CustomValues, CustomValues | null]
    const merged = mergeCustomValues(await customFieldsOf(context, entity), old, given)
    values.custom = Object.keys(merged).length > 0 ? merged : null
  }
  await refuseLostUpdate(context, entity, before, values, options)
  return { kind: 'update', entity: entity.name, before, values }
}

/** Repeats a read-and-write when somebody else's write came between. Gives up with `conflict` after 20 attempts. */
export async function retryOnConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (
        attempt === attempts ||
        !isCrmError(error, 'conflict') ||
        !isOvertaken.has(error.details.reason) ||
        error.details.writeIndex === undefined
      )
        throw error
    }
  }
}

/** Throws unless the actor has the right in general and may set every field named by the input. */
export async function requireWritable(
  context: SessionContext,
  entity: Entity,
  action: Action,
  input: unknown,
): Promise<void> {
  requireWritableBy(await context.access(), entity, action, input)
}

/** The same for an actor whose rights were looked up; gives back its mask. */
function requireWritableBy(access: AccessContext, entity: Entity, action: Action, input: unknown): FieldMask {
  if (levelFor(access, entity.name, action) === 'no') throw accessDenied(entity.name, action)
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw validationError([{ path: '', message: 'must be an object' }], { entity: entity.name })
  }
  const mask = fieldMask(access, entity.name, entity.access)
  for (const field of namedPaths(entity, input as Readonly<Record<string, unknown>>)) {
    if (mask.writable(field)) continue
    throw new CrmError('access_denied', `The actor may not set ${field}`, { entity: entity.name, field })
  }
  return mask
}

/** Checks the custom values of a new record; a required one that the actor may set must be there. */
async function fillCustom(
  context: SessionContext,
  entity: Entity,
  values: Record<Path, unknown>,
  mask: FieldMask,
): Promise<void> {
  if (entity.kind !== 'record') return
  const fields = await customFieldsOf(context, entity)
  if (fields.size === 0 && values.custom === undefined) return
  const custom = newCustomValues(fields, (values.custom ?? {}) as CustomValues)
  if (values.custom !== undefined || Object.keys(custom).length > 0) values.custom = custom
  const missing = [...fields.values()].filter(
    ({ key, required }) => required && !Object.hasOwn(custom, key) && mask.writable(`custom.${key}`),
  )
  if (missing.length > 0)
    throw validationError(
      missing.map(({ key }) => ({ path: `custom.${key}`, message: 'is required' })),
      { entity: entity.name },
    )
}

function customFieldsOf(context: SessionContext, entity: Entity): Promise<CustomFields> {
  return context.customFields.fieldsOf(context.storage, context.tenantId, entity.name)
}

/** Who may see only their own records owns what they create, or they would not see it. */
function takeOwnership(access: AccessContext, entity: Entity, values: Record<Path, unknown>): void {
  const ownerField = ownerFieldOf(entity)
  if (access.portal || ownerField === undefined || values[ownerField] !== undefined) return
  const level = levelFor(access, entity.name, 'create')
  if (level === 'team' || level === 'own') values[ownerField] = access.actor.id
}

function staleVersion(entity: Entity, row: Row): CrmError {
  return new CrmError('conflict', `${entity.name} ${row.id} was changed by somebody else`, {
    entity: entity.name,
    id: row.id,
    reason: 'version',
    actualVersion: row.version,
    remedy: 'read the record again and repeat the change',
  })
}
