import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { longText, oneOf, reference, text } from '../../entity/field.js'
import type { NewOf, PatchOf } from '../../entity/record-service.js'

/** What holds the people of a group together. */
export const groupKinds = ['household', 'family', 'team', 'committee', 'club', 'other'] as const

/** People who belong together: a household, a buying committee. Who belongs to it, and as what, are associations. */
export const contactGroupEntity = defineEntity({
  name: 'contactGroup',
  schema: z.strictObject({
    name: text({ minLength: 1, folded: true, personal: true }),
    kind: z._default(oneOf(groupKinds), 'other'),
    description: z.optional(longText({ maxLength: 10_000, personal: true })),
    /** Whom to turn to; a member. */
    primaryContactId: z.optional(reference('contact')),
  }),
  access: { reach: 'owned' },
  indexes: [
    { name: 'created', on: ['-createdAt'], live: true },
    { name: 'name', on: ['name'], live: true },
    // Deleted ones too, since a merge moves them.
    { name: 'primary_contact', on: ['primaryContactId'] },
  ],
})

/** People who belong together. */
export type ContactGroup = RecordOf<typeof contactGroupEntity>

/** Input of a new group. */
export type NewContactGroup = NewOf<typeof contactGroupEntity>

/** Input of a change of a group. A new primary contact becomes a member. */
export type ContactGroupPatch = PatchOf<typeof contactGroupEntity>
