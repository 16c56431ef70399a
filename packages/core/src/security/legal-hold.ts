import type { Entity } from '../entity/entity.js'
import { createRecordReading, createRecordService, type NewOf, type RecordReading } from '../entity/record-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import { allOf } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import { type LegalHold, legalHoldEntity } from './legal-hold-entity.js'
import { pagesOf, partsOf } from './subject-rows.js'

/** Holds of a session. */
export interface LegalHoldService extends RecordReading<LegalHold> {
  place(input: NewOf<typeof legalHoldEntity>): Promise<LegalHold>
  lift(id: string): Promise<void>
}

/** Holds of a session. */
export function createLegalHoldService(context: SessionContext): LegalHoldService {
  const records = createRecordService(context, legalHoldEntity)
  return {
    ...createRecordReading(context, legalHoldEntity),
    async place(input) {
      if (typeof input?.objectType === 'string' && !context.registry.has(input.objectType))
        throw invalidField('objectType', 'must name an entity such as contact')
      return records.create(input)
    },
    lift: (id) => records.delete(id),
  }
}

type Records = ReadonlyMap<string, ReadonlySet<string>>

/** The first hold on one of these records, or on one that was merged into it. */
export async function findHold(context: SessionContext, records: Records): Promise<Row | undefined> {
  for await (const { hold } of holdsOn(context, records)) return hold
  return undefined
}

/** Which of these records have a hold of their own, or of a record that was merged into it, by entity. */
export async function findHeld(context: SessionContext, records: Records): Promise<Map<string, Set<string>>> {
  const held = new Map<string, Set<string>>()
  for await (const { hold, id } of holdsOn(context, records)) addId(held, hold.objectType as string, id)
  return held
}

async function* holdsOn(
  context: SessionContext,
  records: Records,
): AsyncGenerator<{ readonly hold: Row; readonly id: string }> {
  for (const [entity, ids] of records) {
    const nowOf = await withMerged(context, entity, ids)
    for (const values of partsOf(nowOf.keys(), 1_000)) {
      const where = allOf(
        { op: 'eq', path: 'objectType', value: entity },
        { op: 'in', path: 'recordId', values },
        { op: 'isNull', path: 'deletedAt' },
      )
      for await (const holds of pagesOf(context, 'legalHold', where))
        for (const hold of holds) yield { hold, id: nowOf.get(hold.recordId as string) as string }
    }
  }
}

/** The ids, and those that were merged into them or are about to be, each with the id it stands for now. */
async function withMerged(
  context: SessionContext,
  entity: string,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const nowOf = new Map([...ids].map((id) => [id, id]))
  if (!context.registry.get(entity).mergeable || !context.registry.has('recordAlias')) return nowOf
  for (let open = [...ids]; open.length > 0; ) {
    const found: string[] = []
    for (const values of partsOf(open, 500)) {
      const where = allOf({ op: 'eq', path: 'objectType', value: entity }, { op: 'in', path: 'recordId', values })
      for await (const aliases of pagesOf(context, 'recordAlias', where))
        for (const { oldId, recordId } of aliases) {
          if (nowOf.has(oldId as string)) continue
          nowOf.set(oldId as string, nowOf.get(recordId as string) as string)
          found.push(oldId as string)
        }
    }
    open = found
  }
  return nowOf
}

/** Throws `rule_violated` (reason `legal_hold`) when one of these records is held. */
export async function refuseHeld(context: SessionContext, records: Records): Promise<void> {
  const hold = await findHold(context, records)
  if (!hold) return
  throw new CrmError('rule_violated', 'A record of it is under a legal hold', {
    entity: 'legalHold',
    id: hold.id,
    reason: 'legal_hold',
    remedy: 'lift the hold first, if it may be lifted',
  })
}

/** A record with those it refers to, by entity: a hold on any of them holds it. */
export function withReferences(entity: Entity, row: Row): Map<string, Set<string>> {
  const records = new Map([[entity.name, new Set([row.id])]])
  for (const { path, references } of entity.fields.values()) {
    const id = row[path]
    if (references !== undefined && typeof id === 'string') addId(records, references, id)
  }
  return records
}

/** Adds an id to those of its entity. */
export function addId(records: Map<string, Set<string>>, entity: string, id: string): void {
  const known = records.get(entity)
  if (known) known.add(id)
  else records.set(entity, new Set([id]))
}
