import { commit } from '../../entity/commit.js'
import { toRecord } from '../../entity/record.js'
import { maskFor, readOne } from '../../entity/record-reader.js'
import { planCreate, planUpdate, retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { allOf } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import { type Association, associationEntity } from '../association/association-entity.js'
import { hasEnded, notEndedOn, type Period, refuseBackwards } from '../association/association-rules.js'
import { planEnds, today } from '../association/linked-record.js'
import { contactGroupEntity } from './contact-group-entity.js'
import type { NewMember } from './group-member.js'
import { type GroupMembership, membershipEnds, membershipOf } from './membership.js'

/** Takes a contact into a group. See `GroupService.add`. */
export function addMember(context: SessionContext, groupId: string, input: NewMember): Promise<GroupMembership> {
  return retryOnConflict(async () => {
    const group = await readOne(context, contactGroupEntity, groupId)
    const { contactId, role, from, to, isPrimary = false } = input ?? {}
    const ends = membershipEnds(contactId, groupId)
    const { fromType, toType, typeKey } = ends
    const fields = {
      ...(role !== undefined && { role }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    }
    const { id, values, change } = await planCreate(
      context,
      associationEntity,
      { ...fields, ...ends, category: 'system' },
      { events: [{ type: 'association.linked', data: { fromType, toType, typeKey } }] },
    )
    refuseBackwards(values)
    if (isPrimary && hasEnded(values as Period, today(context)))
      throw invalidField('isPrimary', 'cannot be somebody who has left')
    const done = await commit(context, [
      change,
      ...planEnds(values, { from: 'contactId', to: 'groupId' }),
      ...(isPrimary
        ? [{ kind: 'update', entity: 'contactGroup', before: group, values: { primaryContactId: contactId } } as const]
        : []),
    ])
    const link = toRecord<Association>(
      associationEntity,
      done.row('association', id),
      await maskFor(context, associationEntity),
    )
    const primary = isPrimary ? contactId : (group.primaryContactId as string | undefined)
    return membershipOf(link, primary, today(context))
  })
}

/** Ends a membership, or takes it back altogether. See `GroupService.leave` and `remove`. */
export function endMembership(
  context: SessionContext,
  groupId: string,
  contactId: string,
  end: { readonly on: string } | 'removed',
): Promise<void> {
  return retryOnConflict(async () => {
    const group = await readOne(context, contactGroupEntity, groupId)
    const row = await currentMembership(context, groupId, contactId)
    const change =
      end === 'removed'
        ? ({ kind: 'delete', entity: 'association', before: row } as const)
        : await planUpdate(context, associationEntity, row, { to: end.on })
    if (end !== 'removed') refuseBackwards({ ...row, to: end.on })
    const leaves = end === 'removed' || hasEnded({ to: end.on }, today(context))
    await commit(context, [
      change,
      ...(leaves && group.primaryContactId === contactId
        ? [{ kind: 'update', entity: 'contactGroup', before: group, values: { primaryContactId: null } } as const]
        : []),
    ])
  })
}

async function currentMembership(context: SessionContext, groupId: string, contactId: string): Promise<Row> {
  const ends = membershipEnds(contactId, groupId)
  const page = await context.storage.find({
    entity: 'association',
    where: allOf(
      ...Object.entries(ends).map(([path, value]) => ({ op: 'eq', path, value }) as const),
      { op: 'isNull', path: 'deletedAt' },
      notEndedOn(today(context)),
    ),
    order: ['id'],
    limit: 1,
  })
  const [row] = page.rows
  if (!row)
    throw new CrmError('not_found', 'The contact is no member of the group', { entity: 'contact', id: contactId })
  return row
}
