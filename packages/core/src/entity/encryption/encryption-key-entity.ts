import * as z from 'zod/mini'
import { deriveId } from '../../kernel/id.js'
import { defineEntity } from '../entity.js'
import { instant, int, text } from '../field.js'

/** Whom a key belongs to: a person, or a record that belongs to none. */
export interface KeyOwner {
  readonly type: string
  readonly id: string
}

/**
 * The keys that fields are encrypted with, wrapped: one of the tenant, which the host's keyring wraps, and one of each person, which
 * the tenant's wraps. A destroyed key leaves its row, so that what it encrypted reads as erased and not as damaged.
 *
 * The version of the tenant's row counts every destruction and renewal: a batch that was encrypted in ignorance of one fails.
 */
export const encryptionKeyEntity = defineEntity({
  name: 'encryptionKey',
  kind: 'projection',
  schema: z.strictObject({
    /** Missing for the tenant's key. */
    ownerType: z.optional(text()),
    ownerId: z.optional(text()),
    /** Counts from 1; a key that follows a destroyed one has the next. */
    generation: int({ min: 1 }),
    /** Name of the key of the keyring, or generation of the tenant's key. */
    wrappedBy: text(),
    /** Missing once the key is destroyed. */
    wrapped: z.optional(text({ maxLength: 100_000 })),
    destroyedAt: z.optional(instant()),
    /** In the tenant's row, how often keys were destroyed. */
    destructions: z.optional(int({ min: 0 })),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'wrapped_by', on: ['wrappedBy'] }],
})

/** The id of the tenant's key. */
export const tenantKeyRowId = 'tenant'

/** The id of a person's key follows from the person. */
export function encryptionKeyId({ type, id }: KeyOwner): string {
  return deriveId('encryptionKey', type, id)
}
