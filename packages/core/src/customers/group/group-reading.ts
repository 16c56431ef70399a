import { readRecords } from '../../entity/record-map.js'
import { readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Page } from '../../kernel/page.js'
import { findLinks } from '../association/find-links.js'
import { today } from '../association/linked-record.js'
import { membershipType } from '../association/reserved-types.js'
import { type Contact, contactEntity } from '../contact/contact-entity.js'
import { type ContactGroup, contactGroupEntity } from './contact-group-entity.js'
import type { GroupMember, HeldMembership, MembersOptions } from './group-member.js'
import { membershipOf } from './membership.js'

const mostGroups = 100
const defaultLimit = 100

/** The people of a group. See `GroupService.members`. */
export async function readMembers(
  context: SessionContext,
  groupId: string,
  { former = false, ...page }: MembersOptions,
): Promise<Page<GroupMember>> {
  const group = await readOne(context, contactGroupEntity, groupId)
  const day = today(context)
  const asked = { near: 'to', type: 'contactGroup', id: groupId, typeKey: membershipType, former } as const
  const { items: links, cursor } = await findLinks(context, asked, { limit: defaultLimit, ...page })
  const contacts = await readRecords<Contact>(
    context,
    contactEntity,
    links.map(({ fromId }) => fromId),
  )
  const items = links.flatMap((link) => {
    const contact = contacts.get(link.fromId)
    const membership = membershipOf(link, group.primaryContactId as string | undefined, day)
    return contact ? [{ contact, membership }] : []
  })
  return { items, ...(cursor !== undefined && { cursor }) }
}

/** The groups of a contact. See `GroupService.of`. */
export async function readGroupsOf(
  context: SessionContext,
  contactId: string,
  former: boolean,
): Promise<HeldMembership[]> {
  await readOne(context, contactEntity, contactId)
  const day = today(context)
  const asked = { near: 'from', type: 'contact', id: contactId, typeKey: membershipType, former } as const
  const { items: links } = await findLinks(context, asked, { limit: mostGroups })
  const groups = await readRecords<ContactGroup>(
    context,
    contactGroupEntity,
    links.map(({ toId }) => toId),
  )
  return links.flatMap((link) => {
    const group = groups.get(link.toId)
    return group ? [{ group, membership: membershipOf(link, group.primaryContactId, day) }] : []
  })
}
