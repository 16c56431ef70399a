import * as z from 'zod/mini'
import { defineEntity } from '../entity/entity.js'
import { int, reference, text } from '../entity/field.js'
import { deriveId } from '../kernel/id.js'

/**
 * How much a member claimed on its last day of claiming. Every claim under a policy writes it at the version that was read, so that
 * claims of one member come one after the other and none slips past a limit.
 */
export const claimLedgerEntity = defineEntity({
  name: 'claimLedger',
  kind: 'projection',
  schema: z.strictObject({
    memberId: reference('member'),
    object: text(),
    /** Local date, `2026-03-01`. */
    day: text(),
    claims: int({ min: 0 }),
  }),
  access: { reach: 'tenant' },
})

/** The id of a member's ledger for one entity. */
export function claimLedgerId(object: string, memberId: string): string {
  return deriveId('claimLedger', object, memberId)
}
