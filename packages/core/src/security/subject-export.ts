import { levelFor } from '../access/access-context.js'
import { fieldMask } from '../access/field-mask.js'
import type { Entity } from '../entity/entity.js'
import { toRecord } from '../entity/record.js'
import { readHistory } from '../entity/record-history.js'
import { readMany, readOne } from '../entity/record-reader.js'
import type { SessionContext } from '../entity/session-context.js'
import { throwIfAborted } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import type { CallOptions } from '../storage/storage-adapter.js'
import { withMergedIds } from './merge-traces.js'
import { findSubjectRecords } from './subject-records.js'
import { partsOf } from './subject-rows.js'

const formatVersion = 1
const idsPerRead = 200
/** What no service shows is not for export either: keys, hashes, pre-images of records that are exported. */
const hidden: ReadonlySet<string> = new Set([
  'consentMark',
  'mergePreImage',
  'mergedRelation',
  'recordAlias',
  'suppressionHash',
])

/**
 * Everything about one contact as lines of JSON, each with its line feed, in constant memory but for ids: a header, each record or
 * projection, the history of each record, a last line with the count. What the actor may not read is left out, and the header names
 * the entities it may not read at all. Throws `not_found` when the contact itself may not be read.
 */
export async function* exportSubject(
  context: SessionContext,
  contactId: string,
  options: CallOptions = {},
): AsyncGenerator<string, void, undefined> {
  const contact = context.registry.get('contact')
  await readOne(context, contact, contactId, { includeDeleted: true })
  const ids = await withMergedIds(context, 'contact', contactId)
  const found = await findSubjectRecords(context, { entity: 'contact', ids }, options.signal)
  const access = await context.access()
  const parts: [Entity, string[]][] = [...found.records, ...found.projections]
    .filter(([name]) => !hidden.has(name))
    .map(([name, members]) => [context.registry.get(name), [...members.keys()]])
  const readable = parts.filter(([{ name }]) => levelFor(access, name, 'read') !== 'no')
  const omitted = parts.filter((part) => !readable.includes(part)).map(([{ name }]) => name)
  yield lineOf({
    kind: 'header',
    format: 'rapport-subject-export',
    formatVersion,
    contactId,
    madeAt: instantOf(context.clock.now()),
    omitted,
  })
  let records = 0
  for (const [entity, members] of readable) {
    // A person is told of values that are hidden, too: they are kept.
    const mask = fieldMask(access, entity.name, entity.access)
    for (const part of partsOf(members, idsPerRead)) {
      throwIfAborted(options.signal)
      for (const row of await readMany(context, entity, part, { includeDeleted: true })) {
        if (!row) continue
        records++
        yield lineOf({ kind: 'record', entity: entity.name, record: toRecord(entity, row, mask) })
        if (entity.kind === 'record') yield* historyLines(context, entity, row.id)
      }
    }
  }
  yield lineOf({ kind: 'end', records })
}

async function* historyLines(context: SessionContext, entity: Entity, id: string): AsyncGenerator<string> {
  for (let cursor: string | undefined; ; ) {
    const page = await readHistory(context, entity, id, { limit: 500, ...(cursor !== undefined && { cursor }) })
    for (const entry of page.items) yield lineOf({ kind: 'history', entity: entity.name, id, entry })
    cursor = page.cursor
    if (cursor === undefined) return
  }
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`
}
