import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { instant, int, longText, oneOf, structured, text } from '../../entity/field.js'
import type { NewOf, PatchOf } from '../../entity/record-service.js'
import { visibilities } from '../timeline/timeline-entity.js'

/** Something that happened or is planned: attaches to many records. */
export const activityEntity = defineEntity({
  name: 'activity',
  schema: z.strictObject({
    type: oneOf(['task', 'note', 'call', 'meeting', 'visit', 'email', 'message'], { immutable: true }),
    direction: z.optional(oneOf(['inbound', 'outbound', 'internal'])),
    subject: z.optional(text({ personal: true })),
    body: z.optional(longText({ personal: true })),
    status: z._default(oneOf(['planned', 'done', 'canceled', 'noShow']), 'done'),
    priority: z.optional(oneOf(['low', 'normal', 'high', 'urgent'])),
    /** When it happened or will; now when left out. */
    occurredAt: instant(),
    dueAt: z.optional(instant()),
    durationMs: z.optional(int({ min: 0 })),
    outcome: z.optional(text({ personal: true })),
    /** Records it is about, at most 100. */
    links: structured(
      z
        .array(
          z.strictObject({ type: text({ minLength: 1, maxLength: 64 }), id: text({ minLength: 1, maxLength: 64 }) }),
        )
        .check(z.maxLength(100)),
    ),
    visibility: z._default(oneOf(visibilities), 'tenant'),
  }),
  access: { reach: 'owned' },
  polymorphicReferences: [{ list: 'links' }],
  indexes: [
    { name: 'occurred', on: ['-occurredAt'], live: true },
    { name: 'due', on: ['status', 'dueAt'], live: true },
    { name: 'owner', on: ['ownerId', 'status', 'dueAt'], live: true },
  ],
})

/** Something that happened or is planned. */
export type Activity = RecordOf<typeof activityEntity>

/** Input of a new activity. */
export type NewActivity = Omit<NewOf<typeof activityEntity>, 'occurredAt'> & { occurredAt?: string }

/** Input of a change of an activity. */
export type ActivityPatch = PatchOf<typeof activityEntity>
