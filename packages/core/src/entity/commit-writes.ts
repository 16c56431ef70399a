import { CrmError } from '../kernel/crm-error.js'
import { foldText } from '../storage/fold-text.js'
import type { NewRow, Path, Row, Scalar } from '../storage/row.js'
import type { Write } from '../storage/write.js'
import { stampOf } from './base-record.js'
import { ByRecord } from './by-record.js'
import { sameValue } from './canonical-json.js'
import type { PlannedEvent } from './domain-event.js'
import { type Entity, ownerFieldOf, uniqueKeyOf } from './entity.js'
import { changedId, type Derivation, type EntityChange } from './entity-change.js'
import { type JournalHead, journaledEvents, journaledFields, journalHash } from './journal-chain.js'
import type { JournaledChange } from './journal-entity.js'
import { withoutFieldValue } from './journal-erasure.js'
import type { SessionContext } from './session-context.js'

/** A journal entry of the batch. */
export interface JournaledRow {
  readonly row: NewRow
}

/** The batch of a command: its writes, the rows as they will stand, and the journal entries among the writes. */
export interface CommitBatch {
  readonly writes: readonly Write[]
  readonly rows: Pick<ByRecord<Row>, 'get'>
  readonly journal: readonly JournaledRow[]
}

const indexedLength = 512

/**
 * The writes that carry out changes at a moment. Pure but for ids and salts. Derivations of one record add up, also with the
 * record's own change, so a record appears once. Throws `TypeError` when a record is changed twice: a planner's mistake.
 */
export function writesOf(context: SessionContext, changes: readonly EntityChange[], at: string): CommitBatch {
  const derivations = sumDerivations(changes)
  const writes: Write[] = []
  const rows = new ByRecord<Row>()
  const journal: JournaledRow[] = []
  const record = (change: RecordChange, id: string): void => {
    const entity = context.registry.get(change.entity)
    const derived = derivations.take(change.entity, id)
    const effect =
      change.kind === 'create'
        ? creation(context, entity, change, at, derived)
        : alteration(context, entity, change, at, derived)
    rows.set(change.entity, id, effect.row)
    if (!effect.write) return
    writes.push(effect.write)
    if (effect.journal) {
      journal.push({ row: effect.journal })
      writes.push({ do: 'insert', entity: 'journal', row: effect.journal })
    }
  }
  const touched = touchedBy(changes)
  const versions = requiredVersions(changes)
  for (const change of changes) {
    if (change.kind === 'derive') continue
    const id = changedId(change)
    if (change.kind === 'require') {
      // A write of the same record fails by itself when the record is not as required.
      if (touched.has(change.entity, id)) continue
      touched.set(change.entity, id, 'checked')
      writes.push({ do: 'check', entity: change.entity, id, is: versions.get(change.entity, id) ?? change.is })
      continue
    }
    if (change.kind === 'project') writes.push(projection(context, change, at))
    else if (change.kind === 'unproject') writes.push({ do: 'delete', entity: change.entity, id })
    else record(change, id)
  }
  for (const [name, id, derived] of derivations.entries()) {
    const set = derived.set && withShadows(context.registry.get(name), derived.set)
    const ifVersion = versions.get(name, id)
    writes.push({
      do: 'patch',
      entity: name,
      id,
      ...(set && { set }),
      ...countsOf(derived),
      ...(ifVersion !== undefined && { ifVersion }),
      touch: false,
    })
  }
  return { writes, rows, journal }
}

/** What a command does to each record that it names, but for those it only requires. Throws `TypeError` when it changes one twice. */
function touchedBy(changes: readonly EntityChange[]): ByRecord<'changed' | 'derived' | 'checked'> {
  const touched = new ByRecord<'changed' | 'derived' | 'checked'>()
  for (const change of changes) {
    if (change.kind === 'require') continue
    const { entity } = change
    const id = changedId(change)
    const before = touched.get(entity, id)
    if (change.kind === 'derive') {
      if (before === undefined) touched.set(entity, id, 'derived')
      continue
    }
    if (before === 'changed') throw new TypeError(`${entity}/${id} is changed twice in one command`)
    touched.set(entity, id, 'changed')
  }
  return touched
}

/** Versions by record. Throws `conflict` for a record that the same batch changes: what was concluded from it may no longer hold. */
function requiredVersions(changes: readonly EntityChange[]): ByRecord<number> {
  const versions = new ByRecord<number>()
  let some = false
  for (const change of changes) {
    if (change.kind !== 'require' || typeof change.is !== 'number') continue
    versions.set(change.entity, change.id, change.is)
    some = true
  }
  for (const change of some ? changes : [])
    if ('before' in change && versions.has(change.entity, change.before.id))
      throw new CrmError(
        'conflict',
        `${change.entity} ${change.before.id} is needed as it was, and changed with the rest`,
        {
          entity: change.entity,
          id: change.before.id,
          reason: 'changed_together',
          remedy: 'make the two changes one after the other',
        },
      )
  return versions
}

type RecordChange = Extract<EntityChange, { kind: 'create' | 'update' | 'delete' | 'restore' }>

interface Effect {
  /** Absent when the change changes nothing. */
  readonly write?: Write
  readonly row: Row
  readonly journal?: NewRow
}

function creation(
  context: SessionContext,
  entity: Entity,
  change: Extract<RecordChange, { kind: 'create' }>,
  at: string,
  derived: Derivation | undefined,
): Effect {
  const own = present(change.values)
  const added = { ...ownedFrom(entity, own, at), ...derivedFrom({}, derived) }
  const filled = Object.keys(added).length === 0 ? own : present({ ...own, ...added })
  const shadows = shadowsOf(entity, filled)
  if (entity.kind === 'projection') {
    const row: Row = { ...filled, ...shadows, updatedAt: at, id: change.id, version: 1 }
    const uniqueKey = uniqueKeyOf(entity, row)
    if (uniqueKey !== undefined) row.uniqueKey = uniqueKey
    return { write: { do: 'insert', entity: entity.name, row }, row }
  }
  const stamp = stampOf(context.actor)
  const row: Row = {
    ...filled,
    ...shadows,
    id: change.id,
    version: 1,
    createdAt: at,
    updatedAt: at,
    createdBy: stamp,
    updatedBy: stamp,
  }
  const uniqueKey = uniqueKeyOf(entity, row)
  if (uniqueKey !== undefined) row.uniqueKey = uniqueKey
  const entry = journalEntry(context, entity, {
    change: 'created',
    row: { id: change.id, version: 0 },
    values: own,
    at,
    events: change.events,
  })
  row.journalHash = entry.hash
  return { write: { do: 'insert', entity: entity.name, row }, row, journal: entry }
}

function alteration(
  context: SessionContext,
  entity: Entity,
  change: Exclude<RecordChange, { kind: 'create' }>,
  at: string,
  derived: Derivation | undefined,
): Effect {
  const { before } = change
  const values: Record<Path, unknown> = {}
  if (change.kind === 'update') {
    for (const [path, value] of Object.entries(change.values)) if (!sameValue(before[path], value)) values[path] = value
  } else values.deletedAt = change.kind === 'delete' ? at : null
  const silent = Object.keys(values).length === 0 && (change.events ?? []).length === 0
  if (silent && derived === undefined) return { row: before }
  const counts = countsOf(derived)
  const computed = derivedFrom(before, derived)
  if (silent) {
    const set = derived?.set && withShadows(entity, derived.set)
    const write: Write = {
      do: 'patch',
      entity: entity.name,
      id: before.id,
      ...(set && { set }),
      ...counts,
      touch: false,
    }
    return { write, row: present({ ...before, ...withShadows(entity, computed) }) as Row }
  }
  const set = withShadows(entity, { ...values, ...ownedFrom(entity, values, at), ...derived?.set })
  const uniqueKey = uniqueKeyOf(entity, present({ ...before, ...set }))
  if (entity.uniqueKey && !sameValue(before.uniqueKey, uniqueKey)) set.uniqueKey = uniqueKey ?? null
  set.updatedAt = at
  let journal: NewRow | undefined
  if (entity.kind === 'record') {
    set.updatedBy = stampOf(context.actor)
    const kind: JournaledChange =
      change.kind === 'update' ? 'updated' : change.kind === 'delete' ? 'deleted' : 'restored'
    const erases = change.kind === 'update' && change.erases === true
    journal = journalEntry(context, entity, { change: kind, row: before, values, at, events: change.events, erases })
    set.journalHash = journal.hash
  }
  const write: Write = { do: 'patch', entity: entity.name, id: before.id, set, ...counts, ifVersion: before.version }
  const row = present({ ...before, ...computed, ...set, version: before.version + 1 }) as Row
  return { write, row, ...(journal && { journal }) }
}

interface JournalInput {
  readonly change: JournaledChange
  /** The record before the change; version 0 for one that is new. */
  readonly row: Row
  readonly values: Readonly<Record<Path, unknown>>
  readonly at: string
  readonly events: readonly PlannedEvent[] | undefined
  /** Whether the values are committed to and then forgotten. */
  readonly erases?: boolean
}

function journalEntry(context: SessionContext, entity: Entity, input: JournalInput): NewRow {
  const { row, change, at } = input
  const actor = stampOf(context.actor)
  const head: JournalHead = {
    id: context.newId(),
    tenantId: context.tenantId,
    entity: entity.name,
    recordId: row.id,
    recordVersion: row.version + 1,
    at,
    actor,
    change,
    ...(context.cause !== undefined && { cause: context.cause }),
    ...(row.journalHash !== undefined && { previousHash: row.journalHash as string }),
  }
  const fields = journaledFields(row, input.values, context.random)
  const general: PlannedEvent = {
    type: `${entity.name}.${change}`,
    ...(change === 'updated' && { data: { fields: fields.map(({ field }) => field) } }),
  }
  const events = journaledEvents([general, ...(input.events ?? [])], context.random)
  return {
    id: head.id,
    entity: head.entity,
    recordId: head.recordId,
    recordVersion: head.recordVersion,
    at,
    actorType: actor.type,
    actorId: actor.id,
    actor,
    change,
    ...(head.cause !== undefined && { cause: head.cause }),
    changes: input.erases ? fields.map(withoutFieldValue) : fields,
    events,
    ...(head.previousHash !== undefined && { previousHash: head.previousHash }),
    hash: journalHash(head, fields, events),
    updatedAt: at,
  }
}

function projection(context: SessionContext, change: Extract<EntityChange, { kind: 'project' }>, at: string): Write {
  const entity = context.registry.get(change.entity)
  const values = present(change.values)
  const row: NewRow = { ...values, ...shadowsOf(entity, values), id: change.id, updatedAt: at }
  const uniqueKey = uniqueKeyOf(entity, row)
  if (uniqueKey !== undefined) row.uniqueKey = uniqueKey
  return { do: 'upsert', entity: change.entity, row }
}

/** A record of the pool remembers since when it has its owner. */
function ownedFrom(entity: Entity, values: Readonly<Record<Path, unknown>>, at: string): Record<Path, unknown> {
  const field = ownerFieldOf(entity)
  if (!entity.ownership?.pooled || field === undefined || !Object.hasOwn(values, field)) return {}
  return { ownedSince: typeof values[field] === 'string' ? at : null }
}

/** Values with their folded shadows. */
function withShadows(entity: Entity, values: Readonly<Record<Path, unknown>>): Record<Path, unknown> {
  return { ...values, ...shadowsOf(entity, values) }
}

/** The folded shadows of the values that have one. */
function shadowsOf(entity: Entity, values: Readonly<Record<Path, unknown>>): Record<Path, unknown> {
  const shadows: Record<Path, unknown> = {}
  for (const [path, shadow] of entity.shadows) {
    if (!Object.hasOwn(values, path)) continue
    const value = values[path]
    shadows[shadow] = typeof value === 'string' ? foldedForIndex(value) : null
  }
  return shadows
}

function foldedForIndex(value: string): string {
  const folded = foldText(value)
  return folded.length <= indexedLength ? folded : [...folded].slice(0, indexedLength).join('')
}

/** Values without those that are absent. Rows are spread, never filled key by key: V8 keeps an object that is a dictionary otherwise. */
function present(values: Readonly<Record<Path, unknown>>): Readonly<Record<Path, unknown>> {
  for (const path in values) {
    if (values[path] !== null && values[path] !== undefined) continue
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined))
  }
  return values
}

function sumDerivations(changes: readonly EntityChange[]): ByRecord<Derivation> {
  const sums = new ByRecord<Derivation>()
  for (const change of changes) {
    if (change.kind !== 'derive') continue
    const { entity, id } = change
    const sum = sums.get(entity, id)
    sums.set(entity, id, sum ? joinDerivations(sum, change) : change)
  }
  return sums
}

/** What a derivation leaves the storage to compute. */
function countsOf({ add, max, min }: Derivation = {}): Omit<Derivation, 'set'> {
  return { ...(add && { add }), ...(max && { max }), ...(min && { min }) }
}

function joinDerivations(left: Derivation, right: Derivation): Derivation {
  const { set, add, max, min } = right
  return {
    ...((left.set || set) && { set: { ...left.set, ...set } }),
    ...((left.add || add) && { add: combine(left.add, add, (a, b) => a + b) }),
    ...((left.max || max) && { max: combine(left.max, max, greater) }),
    ...((left.min || min) && { min: combine(left.min, min, smaller) }),
  }
}

function combine<V extends Scalar>(
  left: Readonly<Record<Path, V>> = {},
  right: Readonly<Record<Path, V>> = {},
  join: (a: V, b: V) => V,
): Record<Path, V> {
  const joined: Record<Path, V> = { ...left }
  for (const [path, value] of Object.entries(right)) {
    const known = joined[path]
    joined[path] = known === undefined ? value : join(known, value)
  }
  return joined
}

/** The values of a record after its derivations, for the paths they name; `null` where one clears. */
function derivedFrom(row: Readonly<Record<Path, unknown>>, derived: Derivation | undefined): Record<Path, unknown> {
  if (!derived) return {}
  const { set, add = {}, max = {}, min = {} } = derived
  const values: Record<Path, unknown> = { ...set }
  for (const [path, addend] of Object.entries(add)) values[path] = ((row[path] as number | undefined) ?? 0) + addend
  for (const [path, value] of Object.entries(max)) values[path] = greater(row[path] as Scalar | undefined, value)
  for (const [path, value] of Object.entries(min)) values[path] = smaller(row[path] as Scalar | undefined, value)
  return values
}

function greater(left: Scalar | undefined, right: Scalar): Scalar {
  return left !== undefined && left > right ? left : right
}

function smaller(left: Scalar | undefined, right: Scalar): Scalar {
  return left !== undefined && left < right ? left : right
}
