import { contactEntity } from '../../customers/index.js'
import { commit } from '../../entity/commit.js'
import { authoriseChanges } from '../../entity/commit-rights.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { readMany, readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField, isCrmError } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import { segmentEntity } from './segment-entity.js'
import { segmentMemberKey } from './segment-member-entity.js'

/** What became of a contact that was to be put on a list, or taken off it. */
export interface MembershipReport {
  readonly contactId: string
  /** `unchanged`: it was there already, or not there. `not_found`: there is no such contact, or none the actor may know of. */
  readonly outcome: 'added' | 'removed' | 'unchanged' | 'not_found'
}

const mostIds = 1_000
/** Each takes a record, its journal entry and a check of the contact. */
const perBatch = 300
const attempts = 5

/** Puts contacts on the list of a static segment, or takes them off, in batches; doing it again changes nothing. */
export async function changeMembers(
  context: SessionContext,
  kind: 'add' | 'remove',
  segmentId: string,
  contactIds: readonly string[],
): Promise<MembershipReport[]> {
  if (!Array.isArray(contactIds) || contactIds.length > mostIds)
    throw invalidField('contactIds', `must be a list of at most ${mostIds}; split it`)
  const segment = await readOne(context, segmentEntity, segmentId)
  await authoriseChanges(context, [{ kind: 'update', entity: 'segment', before: segment, values: {} }])
  if (segment.kind !== 'static') {
    throw new CrmError('rule_violated', 'A dynamic segment has no list', {
      entity: 'segment',
      id: segment.id,
      remedy: 'change its definition, or make a static one',
    })
  }
  const outcomes = new Map<string, MembershipReport['outcome']>()
  const ids = [...new Set(contactIds)]
  for (let start = 0; start < ids.length; start += perBatch) {
    const part = ids.slice(start, start + perBatch)
    for (const [id, outcome] of await changePart(context, kind, segment.id, part)) outcomes.set(id, outcome)
  }
  return contactIds.map((contactId) => ({ contactId, outcome: outcomes.get(contactId) ?? 'unchanged' }))
}

async function changePart(
  context: SessionContext,
  kind: 'add' | 'remove',
  segmentId: string,
  ids: readonly string[],
): Promise<Map<string, MembershipReport['outcome']>> {
  const readable = new Set((await readMany(context, contactEntity, ids)).flatMap((row) => (row ? [row.id] : [])))
  for (let attempt = 1; ; attempt++) {
    const members = await findMemberships(context, segmentId, ids)
    const outcomes = new Map<string, MembershipReport['outcome']>()
    const changes = ids.flatMap((id): EntityChange[] => {
      const member = members.get(id)
      const known = readable.has(id)
      const changed = known && (kind === 'add') === (member === undefined)
      outcomes.set(id, !known ? 'not_found' : !changed ? 'unchanged' : kind === 'add' ? 'added' : 'removed')
      if (!changed) return []
      return member
        ? [{ kind: 'delete', entity: 'segmentMember', before: member, implied: true }]
        : planMember(context, segmentId, id)
    })
    try {
      await commit(context, changes)
      return outcomes
    } catch (error) {
      // Somebody else put one of them on the list, or took it off.
      if (!isCrmError(error, 'conflict') || attempt === attempts) throw error
    }
  }
}

function planMember(context: SessionContext, segmentId: string, recordId: string): EntityChange[] {
  const values = { segmentId, objectType: 'contact', recordId }
  return [
    { kind: 'create', entity: 'segmentMember', id: context.newId(), values, implied: true },
    { kind: 'require', entity: 'contact', id: recordId, is: 'present', namedBy: 'contactIds' },
  ]
}

/** The rows of a static segment's list for at most 1,000 contacts, by contact. */
export async function findMemberships(
  context: SessionContext,
  segmentId: string,
  contactIds: readonly string[],
): Promise<Map<string, Row>> {
  const page = await context.storage.find({
    entity: 'segmentMember',
    where: { op: 'in', path: 'uniqueKey', values: contactIds.map((id) => segmentMemberKey(segmentId, id)) },
    order: ['id'],
    limit: mostIds,
  })
  return new Map(page.rows.map((row) => [row.recordId as string, row]))
}
