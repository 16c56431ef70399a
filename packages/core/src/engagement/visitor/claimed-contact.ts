import * as z from 'zod/mini'
import { contactEntity, externalRefSchema, findContactIdByEmail, resolveExternalRefs } from '../../customers/index.js'
import { text } from '../../entity/field.js'
import { resolveAliases } from '../../entity/record-alias.js'
import { readMany } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError } from '../../kernel/crm-error.js'

/** Who somebody says to be: by one of three names. */
export const claimShape = {
  contactId: z.optional(text({ minLength: 1, maxLength: 64 })),
  externalRef: z.optional(externalRefSchema),
  email: z.optional(text({ minLength: 1, personal: true })),
}

/** Who somebody says to be. */
export type ContactClaim = z.output<z.ZodMiniObject<typeof claimShape>>

/**
 * The id of the contact that a verified claim names; an id that was merged into another one leads there. Throws `not_found` when there
 * is none, or the actor may not know of it.
 */
export async function findClaimedContact(context: SessionContext, claim: ContactClaim): Promise<string> {
  const named = await namedContact(context, claim)
  const id = named === undefined ? undefined : (await resolveAliases(context, 'contact', [named])).get(named)
  const [contact] = id === undefined ? [] : await readMany(context, contactEntity, [id])
  if (contact) return contact.id
  throw new CrmError('not_found', 'There is no contact that the claim names', {
    entity: 'contact',
    remedy: 'create or upsert the contact first',
  })
}

async function namedContact(
  context: SessionContext,
  { contactId, externalRef, email }: ContactClaim,
): Promise<string | undefined> {
  if (contactId !== undefined) return contactId
  if (externalRef) return (await resolveExternalRefs(context, 'contact', [externalRef]))[0]
  return email === undefined ? undefined : findContactIdByEmail(context, email)
}
