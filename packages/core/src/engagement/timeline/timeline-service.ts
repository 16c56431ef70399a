import { findRecords, readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import type { Page } from '../../kernel/page.js'
import { type Subject, timelineEntity } from './timeline-entity.js'

/** One line of a timeline. */
export interface TimelineEntry {
  readonly id: string
  readonly at: string
  readonly subjectType: string
  readonly subjectId: string
  readonly recordType: string
  readonly recordId: string
  readonly title: string
  readonly visibility: 'tenant' | 'customer'
}

/** What happened with a contact or company, newest first. */
export interface TimelineService {
  /** Throws `not_found` when the actor may not read the subject. */
  of(subject: Subject, options?: { readonly limit?: number; readonly cursor?: string }): Promise<Page<TimelineEntry>>
}

/** Timelines of a session. Rights follow the subject. */
export function createTimelineService(context: SessionContext): TimelineService {
  return {
    async of(subject, options = {}) {
      if (!context.registry.has(subject.type)) throw invalidField('type', 'must name an entity such as contact')
      await readOne(context, context.registry.get(subject.type), subject.id)
      return readTimeline(context, subject, options)
    },
  }
}

/** The timeline of a subject that was checked already. */
export function readTimeline(
  context: SessionContext,
  subject: Subject,
  options: { readonly limit?: number; readonly cursor?: string } = {},
): Promise<Page<TimelineEntry>> {
  return findRecords<TimelineEntry>(context, timelineEntity, {
    where: { subjectType: subject.type, subjectId: subject.id },
    orderBy: ['-at'],
    ...options,
  })
}
