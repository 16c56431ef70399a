import { contactEntity } from '../../customers/index.js'
import { requireRight } from '../../entity/commit-rights.js'
import { decodeCursor, encodeCursor, listMark } from '../../entity/cursor.js'
import { toRecord } from '../../entity/record.js'
import { maskFor, readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import type { Page } from '../../kernel/page.js'
import { orderValues } from '../../storage/compare-rows.js'
import { allOf, type Filter } from '../../storage/filter.js'
import { visitorEntity } from '../visitor/visitor-entity.js'
import { type BehaviourEvent, behaviourEventEntity } from './behaviour-event-entity.js'

/** Whose events: of one visitor, or of a contact on all its devices. */
export type BehaviourSubject = { readonly visitorId: string } | { readonly contactId: string }

/** Which events. */
export interface BehaviourListOptions {
  readonly type?: string
  /** 1 to 1,000; 50 when left out. */
  readonly limit?: number
  readonly cursor?: string
}

/** Devices whose events are listed together; of more, the newest count. */
const mostVisitors = 1_000
const order = ['-at', '-id'] as const

/** Events, newest first. Throws `not_found` when the actor may not read whose they are. */
export async function readBehaviour(
  context: SessionContext,
  subject: BehaviourSubject,
  { type, limit = 50, cursor }: BehaviourListOptions = {},
): Promise<Page<BehaviourEvent>> {
  await requireRight(context, behaviourEventEntity, 'read')
  const mask = await maskFor(context, behaviourEventEntity)
  const visitorIds = await visitorsOf(context, subject)
  if (visitorIds.length === 0) return { items: [] }
  const where = allOf(
    { op: 'in', path: 'visitorId', values: visitorIds },
    type === undefined ? undefined : { op: 'eq', path: 'type', value: type },
  )
  const list: Filter = { op: 'eq', path: 'subject', value: JSON.stringify([subject, type]) }
  const mark = listMark('behaviourEvent', list, order)
  const after = cursor === undefined ? undefined : decodeCursor(cursor, mark)
  const page = await context.storage.find({
    entity: 'behaviourEvent',
    where,
    order,
    limit,
    ...(after && { after }),
  })
  const items = page.rows.map((row) => toRecord<BehaviourEvent>(behaviourEventEntity, row, mask))
  const last = page.rows.at(-1)
  if (page.done || !last) return { items }
  return { items, cursor: encodeCursor(mark, orderValues(behaviourEventEntity.storage, last, order)) }
}

async function visitorsOf(context: SessionContext, subject: BehaviourSubject): Promise<string[]> {
  if ('visitorId' in subject) return [(await readOne(context, visitorEntity, subject.visitorId)).id]
  if (!('contactId' in subject)) throw invalidField('contactId', 'name a visitor or a contact')
  const contact = await readOne(context, contactEntity, subject.contactId)
  const page = await context.storage.find({
    entity: 'visitor',
    where: allOf({ op: 'isNull', path: 'deletedAt' }, { op: 'eq', path: 'contactId', value: contact.id }),
    order: ['-lastSeenAt', '-id'],
    limit: mostVisitors,
    fields: ['contactId'],
  })
  return page.rows.map(({ id }) => id)
}
