import { type Contact, contactEntity } from '../../customers/index.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { findRecords, readOne } from '../../entity/record-reader.js'
import { createRecordService, type RecordReading, type RecordRemoval } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { instantOf, requireInstant } from '../../kernel/instant.js'
import { eachItem, type Page } from '../../kernel/page.js'
import { allOf, type Filter } from '../../storage/filter.js'
import { compileSegment, filtersOf } from './compile-segment.js'
import { type NewSegment, type Segment, type SegmentPatch, segmentEntity } from './segment-entity.js'
import { membersAmong, requireReadableTerms } from './segment-evaluation.js'
import { changeMembers, findMemberships, type MembershipReport } from './segment-list.js'
import { readMembers, type SegmentPage } from './segment-members.js'

/** Groups of contacts. */
export interface SegmentService extends RecordReading<Segment>, RecordRemoval<Segment> {
  create(input: NewSegment): Promise<Segment>
  update(id: string, patch: SegmentPatch, options?: UpdateOptions): Promise<Segment>
  /** Members in the order of their ids, those that the actor may read. A page may be short, or empty, and yet have a cursor. */
  members(id: string, page?: SegmentPage): Promise<Page<Contact>>
  /** All members, page by page. */
  eachMember(id: string, options?: Pick<SegmentPage, 'at'>): AsyncGenerator<Contact>
  /** Whether a contact belongs to it at a moment; now when left out. Throws `not_found` when the actor may not read the contact. */
  contains(id: string, contactId: string, options?: Pick<SegmentPage, 'at'>): Promise<boolean>
  /** Puts up to 1,000 contacts on the list of a static segment and reports on each. */
  add(id: string, contactIds: readonly string[]): Promise<MembershipReport[]>
  /** Takes up to 1,000 contacts off the list of a static segment and reports on each. */
  remove(id: string, contactIds: readonly string[]): Promise<MembershipReport[]>
}

const membersPerRead = 500

/** Segments of a session. */
export function createSegmentService(context: SessionContext): SegmentService {
  const records = createRecordService(context, segmentEntity)
  const members: SegmentService['members'] = async (id, page = {}) => {
    return readMembers(context, await readOne(context, segmentEntity, id), page)
  }
  return {
    ...records,
    async create(input) {
      if (input?.kind === 'dynamic') await checkDefinition(context, input.definition)
      else if (input?.definition !== undefined)
        throw invalidField('definition', 'is what a dynamic segment has, and a static one has not')
      return records.create(input)
    },
    async update(id, patch, options) {
      if (patch?.definition !== undefined) {
        const { kind } = await readOne(context, segmentEntity, id)
        if (kind !== 'dynamic' || patch.definition === null)
          throw invalidField('definition', 'is what a dynamic segment has, and a static one has not')
        await checkDefinition(context, patch.definition)
      }
      return records.update(id, patch, options)
    },
    members,
    eachMember: (id, options) =>
      eachItem((cursor) => members(id, { ...options, limit: membersPerRead, ...(cursor !== undefined && { cursor }) })),
    async contains(id, contactId, options = {}) {
      const segment = await readOne(context, segmentEntity, id)
      const contact = await readOne(context, contactEntity, contactId)
      if (segment.kind === 'static') {
        return (await findMemberships(context, segment.id, [contact.id])).size > 0
      }
      const condition = compileSegment(segment.definition)
      await requireReadableTerms(context, condition)
      const at = options.at === undefined ? instantOf(context.clock.now()) : requireInstant(options.at, 'at')
      return (await membersAmong(context, condition, [contact.id], at)).size > 0
    },
    add: (id, contactIds) => changeMembers(context, 'add', id, contactIds),
    remove: (id, contactIds) => changeMembers(context, 'remove', id, contactIds),
  }
}

/** A definition must be one, and must ask for nothing that its author may not read: it is tried on nobody. */
async function checkDefinition(context: SessionContext, definition: unknown): Promise<void> {
  const condition = compileSegment(definition)
  await requireReadableTerms(context, condition)
  const where: Filter = allOf(nobody, { op: 'or', args: filtersOf(condition) })
  await findRecords(context, contactEntity, { where, limit: 1 })
}

const nobody: Filter = { op: 'eq', path: 'id', value: 'nobody' }
