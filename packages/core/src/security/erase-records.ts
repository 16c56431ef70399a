import { commit } from '../entity/commit.js'
import type { Entity } from '../entity/entity.js'
import type { EntityChange } from '../entity/entity-change.js'
import { eraseJournalEntry, type JournalErasure } from '../entity/journal-erasure.js'
import { retryOnConflict } from '../entity/record-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { allOf } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import { anonymisedProjection, fateOf, planAnonymised, withoutName } from './erased-values.js'
import type { ErasureMode } from './erasure-entity.js'
import { type Identifiers, mentions } from './identifiers.js'
import { type PersonalFields, personalFieldsOf } from './personal-fields.js'
import type { SubjectRecords } from './subject-records.js'
import { pagesOf, partsOf } from './subject-rows.js'

/** An erasure at work. */
export interface Erasing {
  readonly context: SessionContext
  readonly mode: ErasureMode
  readonly found: SubjectRecords
  readonly identifiers: Identifiers
  readonly signal: AbortSignal
}

/** Writes of one batch; a record and its journal entries may share it with others. */
const mostWrites = 900

/**
 * Erases records of one entity: their journal first, then the records at the versions that were read, so that a change that comes in
 * between is a conflict, and the whole part is done again. Returns the number of rows that were written.
 */
export function eraseRecords(
  erasing: Erasing,
  entity: Entity,
  ids: readonly string[],
  more: (changes: number) => Promise<readonly EntityChange[]> = async () => [],
): Promise<number> {
  const { context, mode, found } = erasing
  return retryOnConflict(async () => {
    const personal = await personalFieldsOf(context, entity)
    const rows = (await context.storage.getMany(entity.name, ids)).filter((row) => row !== undefined)
    const removed = new Set(rows.filter((row) => fateOf(entity, row, found, mode) === 'remove').map(({ id }) => id))
    const gone = new Set(ids.filter((id) => !rows.some((row) => row.id === id)))
    const changes: EntityChange[] = []
    for await (const entries of journalOf(erasing, entity.name, ids))
      for (const entry of entries) {
        const everything = removed.has(entry.recordId as string) || gone.has(entry.recordId as string)
        const set = eraseJournalEntry(entry, journalErasure(erasing, personal, everything))
        if (set) changes.push({ kind: 'derive', entity: 'journal', id: entry.id, set })
      }
    for (const row of rows) {
      if (removed.has(row.id)) changes.push({ kind: 'unproject', entity: entity.name, id: row.id })
      else changes.push(...planAnonymised(entity, row, personal, found, mode))
    }
    const all = [...changes, ...(await more(changes.length))]
    for (const part of partsOf(all, mostWrites)) await commit(context, part)
    return changes.length
  })
}

/** Removes what follows from the subject, and takes what is personal out of what follows from records of it. */
export async function eraseProjections(erasing: Erasing, name: string): Promise<number> {
  const { context, mode, found } = erasing
  const entity = context.registry.get(name)
  const personal = await personalFieldsOf(context, entity)
  let written = 0
  for (const part of partsOf(found.projections.get(name) ?? [], mostWrites)) {
    const rows = await context.storage.getMany(
      name,
      part.map(([id]) => id),
    )
    const changes = part.flatMap(([id, own], index): EntityChange[] => {
      const row = rows[index]
      if (!row) return []
      if (own || mode === 'delete') return [{ kind: 'unproject', entity: name, id }]
      const set = anonymisedProjection(personal, row)
      return Object.keys(set).length > 0 ? [{ kind: 'derive', entity: name, id, set }] : []
    })
    if (changes.length > 0) await commit(context, changes)
    written += changes.length
  }
  return written
}

/** Takes the subject's name as an actor out of records and journal entries of others. */
export async function eraseActorNames(erasing: Erasing, type: string, ids: readonly string[]): Promise<number> {
  const { context } = erasing
  const where = allOf({ op: 'eq', path: 'actorType', value: type }, { op: 'in', path: 'actorId', values: [...ids] })
  let written = 0
  for await (const entries of pagesOf(context, 'journal', where, { signal: erasing.signal })) {
    const changes: EntityChange[] = []
    for (const entry of entries) {
      const set = eraseJournalEntry(entry, {
        erasesValues: () => false,
        erasesPayload: () => false,
        isSubject: (actor) => withoutName(actor) !== undefined,
      })
      if (set) changes.push({ kind: 'derive', entity: 'journal', id: entry.id, set })
    }
    for (const name of new Set(entries.map(({ entity }) => entity as string))) {
      if (!context.registry.has(name)) continue
      const touched = entries.filter(({ entity }) => entity === name).map(({ recordId }) => recordId as string)
      for (const row of await context.storage.getMany(name, [...new Set(touched)]))
        if (row) changes.push(...stampless(row, name))
    }
    for (const part of partsOf(changes, mostWrites)) await commit(context, part)
    written += changes.length
  }
  return written
}

function stampless(row: Row, entity: string): EntityChange[] {
  const createdBy = withoutName(row.createdBy)
  const updatedBy = withoutName(row.updatedBy)
  const set = { ...(createdBy && { createdBy }), ...(updatedBy && { updatedBy }) }
  return Object.keys(set).length > 0 ? [{ kind: 'derive', entity, id: row.id, set }] : []
}

function journalOf(
  { context, signal }: Erasing,
  entity: string,
  ids: readonly string[],
): AsyncGenerator<readonly Row[]> {
  const where = allOf({ op: 'eq', path: 'entity', value: entity }, { op: 'in', path: 'recordId', values: [...ids] })
  return pagesOf(context, 'journal', where, { signal })
}

function journalErasure({ identifiers }: Erasing, personal: PersonalFields, everything: boolean): JournalErasure {
  return {
    erasesValues: (field, before, after) =>
      everything || personal.isPersonal(field) || [before, after].some((value) => withoutName(value) !== undefined),
    erasesPayload: (data) => everything || mentions(data, identifiers),
    isSubject: (actor) => withoutName(actor) !== undefined,
  }
}
