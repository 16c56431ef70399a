import { levelFor } from '../../access/access-context.js'
import {
  type Association,
  associationEntity,
  type Company,
  type Consent,
  type Contact,
  type ContactGroup,
  type ContactRole,
  companyEntity,
  consentEntity,
  contactEntity,
  contactGroupEntity,
  type GroupMembership,
  membershipOf,
  membershipType,
  roleOf,
  roleType,
} from '../../customers/index.js'
import { readTimeline, type TimelineEntry } from '../../engagement/index.js'
import type { Entity } from '../../entity/entity.js'
import { toRecord } from '../../entity/record.js'
import { readRecords } from '../../entity/record-map.js'
import { aggregateRecords, findRecords, maskFor, readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import type { Money } from '../../kernel/money.js'
import type { Page } from '../../kernel/page.js'
import { type Order, orderEntity } from '../../sales/index.js'
import type { Row } from '../../storage/row.js'
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
  /** Companies the contact is or was linked to, with what it is there and the company above. */
  readonly companies: readonly {
    readonly association: Association
    readonly company: Company
    /** Where the link is a role. */
    readonly role?: ContactRole
    /** The link has ended. */
    readonly former: boolean
    readonly parent?: Company
  }[]
  /** Households and other groups that the contact belongs or belonged to. */
  readonly groups: readonly { readonly group: ContactGroup; readonly membership: GroupMembership }[]
  readonly scores: readonly Score[]
}

const newest = 20
const mostLinks = 100

/** The 360° view. */
export interface View360Service {
  /** A contact from all sides, in at most 12 statements. */
  view360(id: string): Promise<View360>
}

/** The 360° view of a session. */
export function createView360(context: SessionContext): View360Service {
  return { view360: (id) => readView360(context, id) }
}

/**
 * A contact from all sides in at most 12 statements, whatever the length of its history: one for the contact, then everything
 * else at once, links before what they lead to. Throws `not_found` when the actor may not read the contact.
 */
export async function readView360(context: SessionContext, contactId: string): Promise<View360> {
  const row = await readOne(context, contactEntity, contactId)
  const access = await context.access()
  const allowed = (entity: Entity): boolean => levelFor(access, entity.name, 'read') !== 'no'
  const list = async <R>(entity: Entity, orderBy: string, limit: number): Promise<readonly R[]> =>
    allowed(entity)
      ? (await findRecords<R>(context, entity, { where: { contactId }, orderBy: [orderBy], limit }, contactId)).items
      : []
  const [contactMask, consents, orders, orderSums, tickets, openTickets, timeline, linked, scores] = await Promise.all([
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
    allowed(associationEntity) ? readLinked(context, row, allowed) : { companies: [], groups: [] },
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
    ...linked,
    scores,
  }
}

/** What a contact is linked to: one read for the links, one for each kind of record, and one for the companies above. */
async function readLinked(
  context: SessionContext,
  contact: Row,
  allowed: (entity: Entity) => boolean,
): Promise<Pick<View360, 'companies' | 'groups'>> {
  const { items } = await findRecords<Association>(context, associationEntity, {
    where: { fromType: 'contact', fromId: contact.id, toType: { in: ['company', 'contactGroup'] } },
    orderBy: ['typeKey'],
    limit: mostLinks,
  })
  const ofType = <R>(entity: Entity): Promise<ReadonlyMap<string, R>> =>
    readRecords<R>(
      context,
      entity,
      allowed(entity) ? items.filter(({ toType }) => toType === entity.name).map(({ toId }) => toId) : [],
    )
  const [companies, groups] = await Promise.all([
    ofType<Company>(companyEntity),
    ofType<ContactGroup>(contactGroupEntity),
  ])
  const above = [...companies.values()].flatMap(({ parentCompanyId }) => parentCompanyId ?? [])
  const parents = await readRecords<Company>(context, companyEntity, above)
  const day = instantOf(context.clock.now()).slice(0, 10)
  return {
    companies: items.flatMap((association) => {
      const company = association.toType === 'company' ? companies.get(association.toId) : undefined
      if (!company) return []
      const role = roleOf(association, contact.primaryCompanyId as string | undefined, day)
      const parent = parents.get(company.parentCompanyId ?? '')
      const { former } = role
      return [
        { association, company, ...(association.typeKey === roleType && { role }), former, ...(parent && { parent }) },
      ]
    }),
    groups: items.flatMap((association) => {
      const group = association.typeKey === membershipType ? groups.get(association.toId) : undefined
      return group ? [{ group, membership: membershipOf(association, group.primaryContactId, day) }] : []
    }),
  }
}
