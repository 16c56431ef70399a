import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { instant, reference, text } from '../../entity/field.js'
import type { RandomSource } from '../../kernel/random-source.js'

/**
 * Who uses one browser or app, known or not. What happens there belongs to the visitor, and through it to the contact that a verified
 * claim linked it to: linking moves a history of any length with one write. A contact has as many visitors as devices.
 *
 * When somebody else signs in on the same device, a new visitor follows: an epoch. It shares the root's id as the device knows it, and
 * nothing else.
 */
export const visitorEntity = defineEntity({
  name: 'visitor',
  schema: z.strictObject({
    contactId: z.optional(reference('contact')),
    /** When a verified claim linked it. */
    identifiedAt: z.optional(instant()),
    /** When it began: what happened on the device before belongs to the epoch before. */
    startedAt: instant({ immutable: true }),
    /** When the next epoch of the device began. */
    endedAt: z.optional(instant()),
    /** The first visitor of the device, for every later one. No reference: another person may be behind it. */
    rootId: z.optional(text({ minLength: 1, maxLength: 64, immutable: true })),
    /** Of the first one: the visitor of the present epoch, where it is another. */
    currentId: z.optional(text({ minLength: 1, maxLength: 64 })),
  }),
  derived: z.strictObject({
    /** When something last happened there. */
    lastSeenAt: z.optional(instant()),
  }),
  access: { reach: { parent: 'contact', field: 'contactId' } },
  indexes: [
    // Deleted ones too, since a merge moves them.
    { name: 'contact', on: ['contactId', 'id'] },
    { name: 'epoch', on: ['rootId', '-startedAt'], live: true },
    { name: 'last_seen', on: ['-lastSeenAt'], live: true },
  ],
})

/** Who uses one browser or app. */
export type Visitor = RecordOf<typeof visitorEntity>

const idBytes = 18

/** An id of 144 random bits in base64url: whoever has it may act as the visitor, so it is not to be guessed. */
export function newVisitorId(random: RandomSource): string {
  const id = btoa(String.fromCharCode(...random.bytes(idBytes)))
  return id.replaceAll('+', '-').replaceAll('/', '_')
}
