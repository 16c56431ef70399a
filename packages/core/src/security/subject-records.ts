import type { Entity } from '../entity/entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { allOf } from '../storage/filter.js'
import type { Path } from '../storage/row.js'
import { preImagePairs } from './merge-traces.js'
import { pagesOf, partsOf } from './subject-rows.js'

/** Records that are one person, or one thing: a contact and what was merged into it, say. */
export interface Subject {
  readonly entity: string
  readonly ids: readonly string[]
}

/** All that refers to a subject, directly or through what belongs to it. */
export interface SubjectRecords {
  /** Ids of records by entity, the subject's own among them. */
  readonly records: ReadonlyMap<string, ReadonlySet<string>>
  /** Ids of projections by entity; true for one of the subject itself, false for one of a record of it. */
  readonly projections: ReadonlyMap<string, ReadonlyMap<string, boolean>>
}

const idsPerQuery = 500

/**
 * Follows the declared references to a subject: fields first, then lists of links, then pairs of type and id. Nothing is read but
 * ids and links, so that a person with a long history fits into memory.
 */
export async function findSubjectRecords(
  context: SessionContext,
  subject: Subject,
  signal?: AbortSignal,
): Promise<SubjectRecords> {
  const records = new Map<string, Set<string>>([[subject.entity, new Set(subject.ids)]])
  const projections = new Map<string, Map<string, boolean>>()
  const add = (entity: Entity, id: string, own: boolean): boolean => {
    if (entity.kind === 'projection') {
      const known = projections.get(entity.name) ?? new Map<string, boolean>()
      projections.set(entity.name, known.set(id, own || known.get(id) === true))
      return false
    }
    const known = records.get(entity.name) ?? new Set<string>()
    records.set(entity.name, known)
    const fresh = !known.has(id)
    known.add(id)
    return fresh
  }
  const options = signal ? { signal } : {}
  const entities = context.registry.all()

  const followFields = async (type: string, ids: readonly string[]): Promise<[Entity, string[]][]> => {
    const reached: [Entity, string[]][] = []
    for (const entity of entities) {
      if (entity.name === subject.entity) continue
      for (const { path, references } of entity.fields.values()) {
        if (references !== type) continue
        const fresh: string[] = []
        for (const values of partsOf(ids, idsPerQuery))
          for await (const rows of pagesOf(
            context,
            entity.name,
            { op: 'in', path, values },
            { fields: [path], ...options },
          ))
            for (const { id } of rows) if (add(entity, id, type === subject.entity)) fresh.push(id)
        if (fresh.length > 0) reached.push([entity, fresh])
      }
    }
    return reached
  }
  let open: [string, readonly string[]][] = [[subject.entity, subject.ids]]
  while (open.length > 0) {
    const reached: [Entity, string[]][] = []
    for (const [type, ids] of open) reached.push(...(await followFields(type, ids)))
    open = reached.map(([entity, ids]) => [entity.name, ids])
  }

  const belongs = (link: unknown): boolean => {
    const { type, id } = link as { readonly type: string; readonly id: string }
    return records.get(type)?.has(id) === true
  }
  for (const { entity, list } of lists(entities))
    for await (const rows of pagesOf(context, entity.name, undefined, { fields: [list], ...options }))
      for (const row of rows) if (((row[list] ?? []) as unknown[]).some(belongs)) add(entity, row.id, false)

  for (const { entity, type, id: path, own } of pairs(context, entities))
    for (const [name, ids] of [...records])
      for (const values of partsOf(ids, idsPerQuery)) {
        const where = allOf({ op: 'eq', path: type, value: name }, { op: 'in', path, values })
        for await (const rows of pagesOf(context, entity.name, where, { fields: [path], ...options }))
          for (const row of rows) add(entity, row.id, own || name === subject.entity)
      }
  return { records, projections }
}

/** Whether a record belongs to what was found. */
export function belongsTo({ records }: SubjectRecords, entity: string, id: unknown): boolean {
  return typeof id === 'string' && records.get(entity)?.has(id) === true
}

function lists(entities: readonly Entity[]): { readonly entity: Entity; readonly list: Path }[] {
  return entities.flatMap((entity) =>
    (entity.polymorphicReferences ?? []).flatMap((each) => ('list' in each ? [{ entity, list: each.list }] : [])),
  )
}

interface Pair {
  readonly entity: Entity
  readonly type: Path
  readonly id: Path
  /** Its rows are the subject's own whatever record they refer to. */
  readonly own: boolean
}

function pairs(context: SessionContext, entities: readonly Entity[]): Pair[] {
  const declared = entities.flatMap((entity) =>
    (entity.polymorphicReferences ?? []).flatMap((each) =>
      'list' in each ? [] : [{ entity, type: each.type, id: each.id, own: false }],
    ),
  )
  return [...declared, ...preImagePairs(context)]
}
