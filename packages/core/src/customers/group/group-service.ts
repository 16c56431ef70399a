import { commit } from '../../entity/commit.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  planCreate,
  planUpdate,
  type RecordService,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Page } from '../../kernel/page.js'
import { today } from '../association/linked-record.js'
import {
  type ContactGroup,
  type ContactGroupPatch,
  contactGroupEntity,
  type NewContactGroup,
} from './contact-group-entity.js'
import { addMember, endMembership } from './group-commands.js'
import type { GroupMember, HeldMembership, MembersOptions, NewMember } from './group-member.js'
import { readGroupsOf, readMembers } from './group-reading.js'
import { type GroupMembership, planPrimaryMember } from './membership.js'

/** Households and other groups of people. A person may belong to several. Days are counted in UTC. */
export interface GroupService extends RecordService<ContactGroup, NewContactGroup, ContactGroupPatch> {
  /** Takes a contact into a group. `conflict` while it is a member. */
  add(groupId: string, member: NewMember): Promise<GroupMembership>
  /** The contact leaves: the last day is `on`, today when left out. It stays as a former member. */
  leave(groupId: string, contactId: string, options?: { readonly on?: string }): Promise<void>
  /** The membership was a mistake. */
  remove(groupId: string, contactId: string): Promise<void>
  /** The people of a group, in the order in which they came; former ones when asked for. In 3 statements. */
  members(groupId: string, options?: MembersOptions): Promise<Page<GroupMember>>
  /** The groups of a contact, at most 100; former ones when asked for. In 3 statements. */
  of(contactId: string, options?: { readonly former?: boolean }): Promise<HeldMembership[]>
}

/** Groups of a session. */
export function createGroupService(context: SessionContext): GroupService {
  const reading = createRecordReading(context, contactGroupEntity)
  return {
    ...reading,
    ...createRecordRemoval(context, contactGroupEntity),
    async create(input) {
      const { id, values, change } = await planCreate(context, contactGroupEntity, input)
      const member = await planPrimaryMember(context, id, values.primaryContactId, { isNew: true })
      return committed(context, contactGroupEntity, id, [change, ...member])
    },
    update: (id, patch, options) =>
      retryOnConflict(async () => {
        const change = await planUpdate(context, contactGroupEntity, id, patch, options)
        const { primaryContactId } = change.values
        const isNew = primaryContactId !== change.before.primaryContactId
        const member = isNew ? await planPrimaryMember(context, id, primaryContactId, { isNew: false }) : []
        await commit(context, [change, ...member])
        return reading.get(id)
      }),
    add: (groupId, member) => addMember(context, groupId, member),
    leave: (groupId, contactId, { on = today(context) } = {}) => endMembership(context, groupId, contactId, { on }),
    remove: (groupId, contactId) => endMembership(context, groupId, contactId, 'removed'),
    members: (groupId, options = {}) => readMembers(context, groupId, options),
    of: (contactId, { former = false } = {}) => readGroupsOf(context, contactId, former),
  }
}
