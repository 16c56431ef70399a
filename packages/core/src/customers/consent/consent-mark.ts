import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { reference } from '../../entity/field.js'
import type { SessionContext } from '../../entity/session-context.js'
import { deriveId } from '../../kernel/id.js'

/**
 * Changes with every statement that a contact or a visitor makes for a purpose and channel. Who writes something because of what was
 * said requires the mark as it was, so that nothing is written once the opposite was said.
 */
export const consentMarkEntity = defineEntity({
  name: 'consentMark',
  kind: 'projection',
  schema: z.strictObject({
    contactId: z.optional(reference('contact')),
    visitorId: z.optional(reference('visitor')),
  }),
  access: { reach: 'tenant' },
  indexes: [
    { name: 'contact', on: ['contactId'] },
    { name: 'visitor', on: ['visitorId'] },
  ],
})

/** For what and through which channel. */
export interface ConsentMatter {
  readonly purpose: string
  readonly channel: string
}

/** Who states something. */
type Stating = 'contact' | 'visitor'

/** Marks that a contact or visitor stated something. */
export function planConsentMark(type: Stating, id: string, matter: ConsentMatter): EntityChange {
  return { kind: 'project', entity: 'consentMark', id: consentMarkId(type, id, matter), values: { [`${type}Id`]: id } }
}

/**
 * What makes a batch fail, by id, when one of at most 1,000 contacts or visitors states something meanwhile. To be read before their
 * statements.
 */
export async function readConsentMarks(
  context: SessionContext,
  type: Stating,
  ids: readonly string[],
  matter: ConsentMatter,
): Promise<ReadonlyMap<string, readonly EntityChange[]>> {
  const markIds = ids.map((id) => consentMarkId(type, id, matter))
  const rows = markIds.length > 0 ? await context.storage.getMany('consentMark', markIds) : []
  return new Map(
    ids.map((id, index) => {
      const mark = {
        entity: 'consentMark',
        id: markIds[index] as string,
        is: rows[index]?.version ?? 'absent',
      } as const
      return [id, [{ kind: 'require', ...mark }]]
    }),
  )
}

function consentMarkId(type: Stating, id: string, { purpose, channel }: ConsentMatter): string {
  return deriveId('consentMark', type, id, purpose, channel)
}
