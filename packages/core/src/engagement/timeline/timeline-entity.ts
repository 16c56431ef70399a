import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { instant, oneOf, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'

/** Who may see an entry or activity: members of the tenant who may read its subject, or the customer too. */
export const visibilities = ['tenant', 'customer'] as const

/** One line in the timeline of a contact or company. Follows from orders, tickets and activities. */
export const timelineEntity = defineEntity({
  name: 'timelineEntry',
  kind: 'projection',
  schema: z.strictObject({
    subjectType: text(),
    subjectId: text(),
    at: instant(),
    recordType: text(),
    recordId: text(),
    title: text({ personal: true }),
    visibility: oneOf(visibilities),
  }),
  access: { reach: 'tenant' },
  polymorphicReferences: [
    { type: 'subjectType', id: 'subjectId' },
    { type: 'recordType', id: 'recordId' },
  ],
  indexes: [{ name: 'subject', on: ['subjectType', 'subjectId', '-at'] }],
})

/** A record that has a timeline. */
export interface Subject {
  /** `contact` or `company`. */
  readonly type: string
  readonly id: string
}

/** What a timeline shows of a record. */
export interface TimelineFact {
  readonly at: string
  readonly recordType: string
  readonly recordId: string
  readonly title: string
  readonly visibility: (typeof visibilities)[number]
}

/** One line per subject; writing it again replaces it. */
export function planTimeline(subjects: readonly Subject[], fact: TimelineFact): EntityChange[] {
  return subjects.map((subject) => ({
    kind: 'project',
    entity: 'timelineEntry',
    id: timelineEntryId(subject, fact.recordType, fact.recordId),
    values: {
      subjectType: subject.type,
      subjectId: subject.id,
      ...fact,
      title: [...fact.title].slice(0, 200).join(''),
    },
  }))
}

/** Takes a record's lines out of the timelines of the subjects. */
export function planTimelineRemoval(
  subjects: readonly Subject[],
  recordType: string,
  recordId: string,
): EntityChange[] {
  return subjects.map((subject) => ({
    kind: 'unproject',
    entity: 'timelineEntry',
    id: timelineEntryId(subject, recordType, recordId),
  }))
}

function timelineEntryId(subject: Subject, recordType: string, recordId: string): string {
  return deriveId('timelineEntry', subject.type, subject.id, recordType, recordId)
}
