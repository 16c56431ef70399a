import type { Page } from '../kernel/page.js'
import { orderValues } from '../storage/compare-rows.js'
import type { OrderTerm } from '../storage/entity-def.js'
import { allOf, type Filter } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import type { ActorStamp } from './base-record.js'
import { decodeCursor, encodeCursor, listMark } from './cursor.js'
import type { Entity } from './entity.js'
import { type ChainVerdict, verifyChain } from './journal-chain.js'
import { type JournaledChange, type JournaledEvent, type JournaledField, journalEntity } from './journal-entity.js'
import { maskFor, readOne } from './record-reader.js'
import type { SessionContext } from './session-context.js'

/** One change of a record, as the actor may see it. */
export interface HistoryEntry {
  readonly version: number
  readonly at: string
  /** Who made it; missing, as is the cause, for an actor who may not read a record's `updatedBy`. */
  readonly actor?: ActorStamp
  readonly change: JournaledChange
  readonly cause?: string
  readonly changes: readonly { readonly field: string; readonly before?: unknown; readonly after?: unknown }[]
  readonly events: readonly string[]
}

const attempts = 5
const order: readonly OrderTerm[] = ['-recordVersion', '-id']

/** A record's changes, newest first, without the fields the actor may not read. */
export async function readHistory(
  context: SessionContext,
  entity: Entity,
  id: string,
  options: { readonly limit?: number; readonly cursor?: string } = {},
): Promise<Page<HistoryEntry>> {
  await readOne(context, entity, id, { includeDeleted: true })
  const mask = await maskFor(context, entity)
  const tellsWho = mask.readable('updatedBy')
  const where = entriesOf(entity, id)
  const mark = listMark('journal', where, order)
  const page = await context.storage.find({
    entity: 'journal',
    where,
    order,
    limit: options.limit ?? 50,
    ...(options.cursor !== undefined && { after: decodeCursor(options.cursor, mark) }),
  })
  const items = page.rows.map(
    (row): HistoryEntry => ({
      version: row.recordVersion as number,
      at: row.at as string,
      ...(tellsWho && { actor: row.actor as ActorStamp }),
      change: row.change as JournaledChange,
      ...(tellsWho && row.cause !== undefined && { cause: row.cause as string }),
      changes: (row.changes as JournaledField[])
        .filter(({ field }) => mask.readable(field))
        .map(({ field, before, after }) => ({
          field,
          ...(before !== undefined && { before }),
          ...(after !== undefined && { after }),
        })),
      events: (row.events as JournaledEvent[]).map(({ type }) => type),
    }),
  )
  const last = page.rows.at(-1)
  return page.done || !last
    ? { items }
    : { items, cursor: encodeCursor(mark, orderValues(journalEntity.storage, last, order)) }
}

/** Whether a record's journal is whole: every entry fits the one before it and the record itself. */
export async function verifyHistory(context: SessionContext, entity: Entity, id: string): Promise<ChainVerdict> {
  for (let attempt = 1; ; attempt++) {
    const row = await readOne(context, entity, id, { includeDeleted: true })
    const verdict = verifyChain(context.tenantId, await readEntries(context, entity, id), headOf(row))
    if (verdict.intact || verdict.reason !== 'head' || attempt === attempts) return verdict
    // Somebody may have changed the record between the two reads.
    if (headOf(await readOne(context, entity, id, { includeDeleted: true })) === headOf(row)) return verdict
  }
}

function headOf(row: Row): string | undefined {
  return row.journalHash as string | undefined
}

async function readEntries(context: SessionContext, entity: Entity, id: string): Promise<Row[]> {
  const entries: Row[] = []
  for (let after: readonly [number, string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'journal',
      where: entriesOf(entity, id),
      order: ['recordVersion', 'id'],
      limit: 1_000,
      ...(after && { after }),
    })
    entries.push(...page.rows)
    const last = page.rows.at(-1)
    if (page.done || !last) return entries
    after = [last.recordVersion as number, last.id]
  }
}

function entriesOf(entity: Entity, id: string): Filter {
  return allOf({ op: 'eq', path: 'entity', value: entity.name }, { op: 'eq', path: 'recordId', value: id })
}
