import type { Contact } from '../contact/contact-entity.js'
import type { ContactGroup } from './contact-group-entity.js'
import type { GroupMembership } from './membership.js'

/** Who joins a group, and as what. */
export interface NewMember {
  readonly contactId: string
  /** What the person is in the group: “mother”, “treasurer”. */
  readonly role?: string
  /** First and last day, such as `2024-03-01`. */
  readonly from?: string
  readonly to?: string
  /** Makes the person the one to turn to, in place of the one before. */
  readonly isPrimary?: boolean
}

/** A person of a group. */
export interface GroupMember {
  readonly contact: Contact
  readonly membership: GroupMembership
}

/** A group a person belongs to. */
export interface HeldMembership {
  readonly group: ContactGroup
  readonly membership: GroupMembership
}

/** Which people of a group to list. */
export interface MembersOptions {
  /** Also those who have left. */
  readonly former?: boolean
  /** 1 to 1,000; 100 when left out. */
  readonly limit?: number
  readonly cursor?: string
}
