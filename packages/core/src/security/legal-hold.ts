import * as z from 'zod/mini'
import { defineEntity, type Entity, type RecordOf } from '../entity/entity.js'
import { text } from '../entity/field.js'
import { createRecordReading, createRecordService, type NewOf, type RecordReading } from '../entity/record-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import { allOf } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import { pagesOf, partsOf } from './subject-rows.js'

/** A record that must be kept as it is: neither erasure nor retention touches it, or what refers to it. */
export const legalHoldEntity = defineEntity({
  name: 'legalHold',
  schema: z.strictObject({
    objectType: text({ minLength: 1, immutable: true }),
    recordId: text({ minLength: 1, maxLength: 64, immutable: true }),
    /** Why, such as a file number. */
    reason: text({ minLength: 1 }),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'record', on: ['recordId'], live: true }],
  uniqueKey: (row) => `${row.objectType as string}:${row.recordId as string}`,
  uniqueRemedy: { field: 'recordId', remedy: 'the record is held already' },
})

/** A hold on a record. */
export type LegalHold = RecordOf<typeof legalHoldEntity>

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

/** The first hold on one of these records. */
export async function findHold(
  context: SessionContext,
  records: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Row | undefined> {
  for await (const [hold] of holdsOn(context, records)) return hold
  return undefined
}

/** Which of these records have a hold of their own, by entity. */
export async function findHeld(
  context: SessionContext,
  records: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, Set<string>>> {
  const held = new Map<string, Set<string>>()
  for await (const holds of holdsOn(context, records))
    for (const { objectType, recordId } of holds) addId(held, objectType as string, recordId as string)
  return held
}

async function* holdsOn(
  context: SessionContext,
  records: ReadonlyMap<string, ReadonlySet<string>>,
): AsyncGenerator<readonly Row[]> {
  for (const [entity, ids] of records)
    for (const values of partsOf(ids, 1_000)) {
      const where = allOf(
        { op: 'eq', path: 'objectType', value: entity },
        { op: 'in', path: 'recordId', values },
        { op: 'isNull', path: 'deletedAt' },
      )
      yield* pagesOf(context, 'legalHold', where)
    }
}

/** Throws `rule_violated` (reason `legal_hold`) when one of these records is held. */
export async function refuseHeld(
  context: SessionContext,
  records: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
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
