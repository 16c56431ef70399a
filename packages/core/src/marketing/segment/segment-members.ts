import { type Contact, contactEntity } from '../../customers/index.js'
import { decodeCursor, encodeCursor, listMark } from '../../entity/cursor.js'
import { toRecord } from '../../entity/record.js'
import { findRecords, maskFor, readMany } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { instantOf, requireInstant } from '../../kernel/instant.js'
import type { Page } from '../../kernel/page.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import { type CompiledCondition, compileSegment, necessaryFilter } from './compile-segment.js'
import { membersAmong, requireReadableTerms } from './segment-evaluation.js'

/** Which page of members. */
export interface SegmentPage {
  /** 1 to 1,000; 50 when left out. */
  readonly limit?: number
  readonly cursor?: string
  /** The moment to ask about; now when left out. All pages of a list are of the moment of the first. */
  readonly at?: string
}

const mostPerPage = 1_000
const candidatesPerRead = 500
/** A page gives what it has after so many reads, so that a rare segment of many contacts cannot hold a request up. */
const readsPerPage = 20

/** Members in the order of their ids, those that the actor may read. A page may be short, or empty, and yet have a cursor. */
export async function readMembers(context: SessionContext, segment: Row, options: SegmentPage): Promise<Page<Contact>> {
  const { limit = 50 } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > mostPerPage)
    throw invalidField('limit', `must be a whole number from 1 to ${mostPerPage}`)
  // A cursor of another definition would skip members.
  const list: Filter = { op: 'eq', path: 'id', value: `${segment.id}:${segment.version}` }
  const mark = listMark('segment', list, ['id'])
  const [at, after] = options.cursor === undefined ? [] : (decodeCursor(options.cursor, mark) as [string, string])
  const start = {
    limit,
    at: at ?? (options.at === undefined ? instantOf(context.clock.now()) : requireInstant(options.at, 'at')),
    after: after ?? '',
  }
  const { items, last } =
    segment.kind === 'dynamic'
      ? await readDynamic(context, compileSegment(segment.definition), start)
      : await readStatic(context, segment.id, start)
  return last === undefined ? { items } : { items, cursor: encodeCursor(mark, [start.at, last]) }
}

interface Start {
  readonly limit: number
  readonly at: string
  readonly after: string
}

/** Members, and the id to go on after where more may follow. */
interface Found {
  readonly items: Contact[]
  readonly last?: string
}

async function readDynamic(context: SessionContext, condition: CompiledCondition, start: Start): Promise<Found> {
  await requireReadableTerms(context, condition)
  const items: Contact[] = []
  const necessary = necessaryFilter(condition)
  let { after } = start
  for (let read = 0; read < readsPerPage; read++) {
    const page = await findRecords<Contact>(context, contactEntity, {
      where: allOf({ op: 'gt', path: 'id', value: after }, necessary),
      orderBy: ['id'],
      limit: candidatesPerRead,
    })
    const ids = page.items.map(({ id }) => id)
    const members = await membersAmong(context, condition, ids, start.at)
    for (const contact of page.items) {
      if (items.length === start.limit) return { items, last: after }
      after = contact.id
      if (members.has(contact.id)) items.push(contact)
    }
    if (page.cursor === undefined) return { items }
    if (items.length === start.limit) break
  }
  return { items, last: after }
}

async function readStatic(context: SessionContext, segmentId: string, { limit, after }: Start): Promise<Found> {
  const page = await context.storage.find({
    entity: 'segmentMember',
    where: allOf(
      { op: 'isNull', path: 'deletedAt' },
      { op: 'eq', path: 'segmentId', value: segmentId },
      { op: 'gt', path: 'recordId', value: after },
    ),
    order: ['recordId', 'id'],
    limit,
    fields: ['recordId'],
  })
  const ids = page.rows.map(({ recordId }) => recordId as string)
  const [rows, mask] = await Promise.all([readMany(context, contactEntity, ids), maskFor(context, contactEntity)])
  const items = rows.flatMap((row) => (row ? [toRecord<Contact>(contactEntity, row, mask)] : []))
  const last = ids.at(-1)
  return page.done || last === undefined ? { items } : { items, last }
}
