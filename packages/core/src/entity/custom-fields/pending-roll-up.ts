import * as z from 'zod/mini'
import { defineEntity } from '../entity.js'
import type { EntityChange } from '../entity-change.js'
import { text } from '../field.js'
import type { SessionContext } from '../session-context.js'

/**
 * A note that the roll-ups of a record are to be computed anew, written in the batch that made it necessary and removed in the one
 * that computed them. Two who compute for one record see a note in common, so that only the first of them is let through.
 */
export const pendingRollUpEntity = defineEntity({
  name: 'pendingRollUp',
  kind: 'projection',
  schema: z.strictObject({
    /** `contact/<id>`. */
    record: text(),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'record', on: ['record'] }],
})

/** A record as notes name it. */
export function staleName(object: string, id: string): string {
  return `${object}/${id}`
}

/** The notes for records named by {@link staleName}. */
export function planPendingRollUps(context: SessionContext, records: Iterable<string>): EntityChange[] {
  return Array.from(records, (record) => ({
    kind: 'create' as const,
    entity: 'pendingRollUp',
    id: context.newId(),
    values: { record },
    implied: true,
  }))
}
