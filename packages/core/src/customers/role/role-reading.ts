import { readRecords } from '../../entity/record-map.js'
import { findRecords, readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Page } from '../../kernel/page.js'
import { allOf, anyOf, type Filter } from '../../storage/filter.js'
import { type Association, associationEntity } from '../association/association-entity.js'
import { hasEnded, notEndedOn, overlap, overlapping } from '../association/association-rules.js'
import { findLinks } from '../association/find-links.js'
import { today } from '../association/linked-record.js'
import { roleType } from '../association/reserved-types.js'
import { type Company, companyEntity } from '../company/company-entity.js'
import { type Contact, contactEntity } from '../contact/contact-entity.js'
import { roleOf } from './contact-role.js'
import type { Colleague, CompanyPerson, HeldRole, PeopleOptions } from './role-lists.js'

const mostRoles = 100
const defaultLimit = 100

/** The roles of a contact that may be read. See `ContactRoles.roles`. */
export async function readRoles(context: SessionContext, contactId: string, former = false): Promise<HeldRole[]> {
  const contact = await readOne(context, contactEntity, contactId)
  const links = await rolesOf(context, contactId, former)
  const companies = await readRecords<Company>(
    context,
    companyEntity,
    links.map(({ toId }) => toId),
  )
  return links.flatMap((link) => {
    const company = companies.get(link.toId)
    return company ? [{ role: roleOf(link, primaryOf(contact), today(context)), company }] : []
  })
}

/** Who had a role where a contact had one, at the same time. See `ContactRoles.colleagues`. */
export async function readColleagues(
  context: SessionContext,
  contactId: string,
  { former = false, limit = defaultLimit }: { readonly former?: boolean; readonly limit?: number },
): Promise<Colleague[]> {
  await readOne(context, contactEntity, contactId)
  const day = today(context)
  const own = await rolesOf(context, contactId, former)
  if (own.length === 0) return []
  const { items: links } = await findRecords<Association>(context, associationEntity, {
    where: allOf(
      { op: 'eq', path: 'toType', value: 'company' },
      { op: 'in', path: 'toId', values: [...new Set(own.map(({ toId }) => toId))] },
      { op: 'eq', path: 'typeKey', value: roleType },
      { op: 'eq', path: 'fromType', value: 'contact' },
      { op: 'ne', path: 'fromId', value: contactId },
      former ? undefined : notEndedOn(day),
      anyOf(...own.map((role): Filter => allOf({ op: 'eq', path: 'toId', value: role.toId }, overlapping(role)))),
    ),
    orderBy: ['toId', 'id'],
    limit,
  })
  const [contacts, companies] = await Promise.all([
    readRecords<Contact>(
      context,
      contactEntity,
      links.map(({ fromId }) => fromId),
    ),
    readRecords<Company>(
      context,
      companyEntity,
      links.map(({ toId }) => toId),
    ),
  ])
  return links.flatMap((link) => {
    const [contact, company] = [contacts.get(link.fromId), companies.get(link.toId)]
    if (!contact || !company) return []
    const role = roleOf(link, contact.primaryCompanyId, day)
    const isCurrent = own.some((mine) => mine.toId === link.toId && overlap(mine, link) && !hasEnded(mine, day))
    return [{ contact, company, role, former: role.former || !isCurrent }]
  })
}

/** The people of a company. See `CompanyPeople.people`. */
export async function readPeople(
  context: SessionContext,
  companyId: string,
  { former = false, ...page }: PeopleOptions,
): Promise<Page<CompanyPerson>> {
  await readOne(context, companyEntity, companyId)
  const day = today(context)
  const asked = { near: 'to', type: 'company', id: companyId, typeKey: roleType, former } as const
  const { items: links, cursor } = await findLinks(context, asked, { limit: defaultLimit, ...page })
  const contacts = await readRecords<Contact>(
    context,
    contactEntity,
    links.map(({ fromId }) => fromId),
  )
  const items = links.flatMap((link) => {
    const contact = contacts.get(link.fromId)
    return contact ? [{ contact, role: roleOf(link, contact.primaryCompanyId, day) }] : []
  })
  return { items, ...(cursor !== undefined && { cursor }) }
}

async function rolesOf(context: SessionContext, contactId: string, former: boolean): Promise<readonly Association[]> {
  const asked = { near: 'from', type: 'contact', id: contactId, typeKey: roleType, former } as const
  const { items } = await findLinks(context, asked, { limit: mostRoles })
  return items
}

function primaryOf(contact: Readonly<Record<string, unknown>>): string | undefined {
  return contact.primaryCompanyId as string | undefined
}
