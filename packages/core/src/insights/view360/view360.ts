import { levelFor } from '../../access/access-context.js'
import {
  type Association,
  associationEntity,
  type Company,
  type Consent,
  type Contact,
  companyEntity,
  consentEntity,
  contactEntity,
} from '../../customers/index.js'
import { readTimeline, type TimelineEntry } from '../../engagement/index.js'
import type { Entity } from '../../entity/entity.js'
import { toRecord } from '../../entity/record.js'
import { aggregateRecords, findRecords, maskFor, readMany, readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Money } from '../../kernel/money.js'
import type { Page } from '../../kernel/page.js'
import { type Order, orderEntity } from '../../sales/index.js'
import { type Ticket, ticketEntity } from '../../support/index.js'
import { type Score, scoreEntity } from '../score/score-entity.js'
import { readScores } from '../score/score-service.js'

/** Everything about one contact that the actor may read. Parts without a right are empty. */
export interface View360 {
  readonly contact: Contact
  readonly consents: readonly Consent[]
  readonly orders: {
    /** The newest 20. */
    readonly items: readonly Order[]
    readonly count: number
    /** Sums by currency of all orders that were not canceled, before refunds. */
    readonly totals: readonly Money[]
  }
  readonly tickets: {
    /** The newest 20. */
    readonly items: readonly Ticket[]
    /** Neither resolved nor closed. */
    readonly openCount: number
  }
  readonly timeline: Page<TimelineEntry>
  readonly companies: readonly { readonly association: Association; readonly company: Company }[]
  readonly scores: readonly Score[]
}

const newest = 20
const mostLinks = 100

/**
 * A contact from all sides in at most 12 statements, whatever the length of its history: one for the contact, then everything
 * else at once. Throws `not_found` when the actor may not read the contact.
 */
export async function readView360(context: SessionContext, contactId: string): Promise<View360> {
  const row = await readOne(context, contactEntity, contactId)
  const access = await context.access()
  const allowed = (entity: Entity): boolean => levelFor(access, entity.name, 'read') !== 'no'
  const list = async <R>(entity: Entity, orderBy: string, limit: number): Promise<readonly R[]> =>
    allowed(entity)
      ? (await findRecords<R>(context, entity, { where: { contactId }, orderBy: [orderBy], limit }, contactId)).items
      : []
  const [contactMask, consents, orders, orderSums, tickets, openTickets, timeline, companies, scores] =
    await Promise.all([
      maskFor(context, contactEntity),
      list<Consent>(consentEntity, '-capturedAt', mostLinks),
      list<Order>(orderEntity, '-placedAt', newest),
      allowed(orderEntity)
        ? aggregateRecords(
            context,
            orderEntity,
            {
              where: { contactId },
              by: ['total.currency', 'status'],
              compute: { count: { fn: 'count' }, total: { fn: 'sum', path: 'total.amountMinor' } },
            },
            contactId,
          )
        : [],
      list<Ticket>(ticketEntity, '-createdAt', newest),
      allowed(ticketEntity)
        ? aggregateRecords(context, ticketEntity, {
            where: { contactId, not: { category: { in: ['resolved', 'closed', 'merged', 'spam'] } } },
            compute: { count: { fn: 'count' } },
          })
        : [],
      allowed(context.registry.get('timelineEntry'))
        ? readTimeline(context, { type: 'contact', id: contactId }, { limit: 50 })
        : { items: [] },
      allowed(associationEntity) && allowed(companyEntity) ? readCompanies(context, contactId) : [],
      allowed(scoreEntity) ? readScores(context, contactId) : [],
    ])
  const totals = new Map<string, number>()
  for (const { keys, values } of orderSums) {
    const [currency, status] = keys as [string, string]
    if (status !== 'canceled') totals.set(currency, (totals.get(currency) ?? 0) + (values.total as number))
  }
  return {
    contact: toRecord<Contact>(contactEntity, row, contactMask),
    consents,
    orders: {
      items: orders,
      count: orderSums.reduce((sum, group) => sum + (group.values.count as number), 0),
      totals: [...totals].map(([currency, amountMinor]) => ({ amountMinor, currency })),
    },
    tickets: { items: tickets, openCount: (openTickets[0]?.values.count as number | undefined) ?? 0 },
    timeline,
    companies,
    scores,
  }
}

async function readCompanies(context: SessionContext, contactId: string): Promise<View360['companies']> {
  const links = await findRecords<Association>(context, associationEntity, {
    where: { fromType: 'contact', fromId: contactId, toType: 'company' },
    orderBy: ['typeKey'],
    limit: mostLinks,
  })
  if (links.items.length === 0) return []
  const [rows, mask] = await Promise.all([
    readMany(context, companyEntity, [...new Set(links.items.map(({ toId }) => toId))]),
    maskFor(context, companyEntity),
  ])
  const companies = new Map(
    rows.flatMap((row) => (row ? [[row.id, toRecord<Company>(companyEntity, row, mask)] as const] : [])),
  )
  return links.items.flatMap((association) => {
    const company = companies.get(association.toId)
    return company ? [{ association, company }] : []
  })
}
