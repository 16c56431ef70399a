import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity/entity.js'
import { instant, oneOf, text } from '../entity/field.js'

/** How a person is erased: out of every personal field, or with all records that are theirs. */
export const erasureModes = ['anonymise', 'delete'] as const

/** How a person is erased. */
export type ErasureMode = (typeof erasureModes)[number]

/** That and why somebody was erased: what is left to show that it was done. It names the record, not the person. */
export const erasureEntity = defineEntity({
  name: 'erasure',
  schema: z.strictObject({
    objectType: text({ immutable: true }),
    recordId: text({ immutable: true }),
    mode: oneOf(erasureModes),
    /** Why, such as `request of the person`; never a name. */
    reason: text({ minLength: 1 }),
    runId: text(),
    erasedAt: instant(),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'erased', on: ['-erasedAt'], live: true }],
})

/** That and why somebody was erased. */
export type Erasure = RecordOf<typeof erasureEntity>

/** What is told when somebody was erased, so that other systems follow. */
export type ErasureEvents = {
  'contact.erased': { readonly contactId: string; readonly mode: ErasureMode }
}
