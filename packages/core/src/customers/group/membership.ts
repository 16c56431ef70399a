import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Association } from '../association/association-entity.js'
import { hasEnded } from '../association/association-rules.js'
import { planImpliedLink, planNewLink } from '../association/linked-record.js'
import { membershipType } from '../association/reserved-types.js'

/** That a person belongs, or belonged, to a group. */
export interface GroupMembership {
  readonly id: string
  readonly version: number
  readonly groupId: string
  readonly contactId: string
  /** What the person is in the group: “mother”, “treasurer”. */
  readonly role?: string
  /** First and last day. */
  readonly from?: string
  readonly to?: string
  /** The person to turn to. */
  readonly isPrimary: boolean
  /** The last day has come. */
  readonly former: boolean
}

/** A link as the membership it stands for. */
export function membershipOf(link: Association, primaryContactId: string | undefined, day: string): GroupMembership {
  const former = hasEnded(link, day)
  return {
    id: link.id,
    version: link.version,
    groupId: link.toId,
    contactId: link.fromId,
    ...(link.role !== undefined && { role: link.role }),
    ...(link.from !== undefined && { from: link.from }),
    ...(link.to !== undefined && { to: link.to }),
    isPrimary: !former && primaryContactId === link.fromId,
    former,
  }
}

/** The ends of a person's membership of a group. */
export function membershipEnds(contactId: string, groupId: string) {
  return {
    fromType: 'contact',
    fromId: contactId,
    toType: 'contactGroup',
    toId: groupId,
    typeKey: membershipType,
  } as const
}

/** A group's primary contact must be there, and is a member. */
export async function planPrimaryMember(
  context: SessionContext,
  groupId: string,
  contactId: unknown,
  options: { readonly isNew: boolean },
): Promise<EntityChange[]> {
  if (typeof contactId !== 'string') return []
  const ends = membershipEnds(contactId, groupId)
  return [
    { kind: 'require', entity: 'contact', id: contactId, is: 'present', namedBy: 'primaryContactId' },
    ...(options.isNew ? [planNewLink(context, ends)] : await planImpliedLink(context, ends)),
  ]
}
