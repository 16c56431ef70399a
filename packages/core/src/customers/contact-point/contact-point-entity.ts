import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { bool, instant, oneOf, reference, text } from '../../entity/field.js'
import type { SessionContext } from '../../entity/session-context.js'
import { deriveId } from '../../kernel/id.js'
import { type Email, normaliseEmail, normalisePhone, type Phone } from './contact-point.js'

/**
 * A way to reach somebody, found by its normalised value. Follows from the `emails` and `phones` of a contact or company. Only
 * identifying points are unique: a person's e-mail by default, not a phone or a shared mailbox.
 */
export const contactPointEntity = defineEntity({
  name: 'contactPoint',
  kind: 'projection',
  schema: z.strictObject({
    kind: oneOf(['email', 'phone']),
    /** Normalised. */
    value: text({ personal: true }),
    contactId: z.optional(reference('contact')),
    companyId: z.optional(reference('company')),
    primary: bool(),
    optOut: bool(),
    invalid: bool(),
    verifiedAt: z.optional(instant()),
    identifying: bool(),
  }),
  access: {
    reach: { parent: 'contact', field: 'contactId' },
    portal: { contact: 'contactId', fields: ['kind', 'value', 'primary', 'optOut', 'verifiedAt'] },
  },
  indexes: [
    { name: 'value', on: ['kind', 'value'] },
    { name: 'contact', on: ['contactId'] },
  ],
  uniqueKey: (row) => (row.identifying === true ? `${row.kind as string}:${row.value as string}` : undefined),
  uniqueRemedy: {
    field: 'emails',
    remedy: 'another contact has this address: update that one, or remove the address there first',
  },
})

/** Whom points belong to. */
export type PointOwner = { readonly contactId: string } | { readonly companyId: string }

/** What brings the points of an owner from one state to another. Points that stay are written only when they differ. */
export function planContactPoints(
  owner: PointOwner,
  before: { readonly emails: readonly Email[]; readonly phones: readonly Phone[] },
  after: { readonly emails: readonly Email[]; readonly phones: readonly Phone[] },
): EntityChange[] {
  const old = pointsOf(owner, before)
  const fresh = pointsOf(owner, after)
  const changes: EntityChange[] = []
  for (const id of old.keys()) if (!fresh.has(id)) changes.push({ kind: 'unproject', entity: 'contactPoint', id })
  for (const [id, values] of fresh) {
    const known = old.get(id)
    if (known && JSON.stringify(known) === JSON.stringify(values)) continue
    changes.push({ kind: 'project', entity: 'contactPoint', id, values })
  }
  return changes
}

/** The points of an owner that is new: none of them can be there. */
export function planNewContactPoints(
  owner: PointOwner,
  lists: { readonly emails: readonly Email[]; readonly phones: readonly Phone[] },
): EntityChange[] {
  const points = [...pointsOf(owner, lists)]
  return points.map(([id, values]) => ({ kind: 'create', entity: 'contactPoint', id, values, implied: true }))
}

function pointsOf(
  owner: PointOwner,
  lists: { readonly emails: readonly Email[]; readonly phones: readonly Phone[] },
): Map<string, Record<string, unknown>> {
  const ownerId = 'contactId' in owner ? owner.contactId : owner.companyId
  const points = new Map<string, Record<string, unknown>>()
  const add = (kind: 'email' | 'phone', value: string, entry: Email | Phone): void => {
    points.set(deriveId('contactPoint', ownerId, kind, value), {
      kind,
      value,
      ...owner,
      primary: entry.primary === true,
      optOut: entry.optOut,
      invalid: entry.invalid,
      ...(entry.verifiedAt !== undefined && { verifiedAt: entry.verifiedAt }),
      identifying: kind === 'email' && 'contactId' in owner,
    })
  }
  for (const email of lists.emails) add('email', normaliseEmail(email.address), email)
  for (const phone of lists.phones) add('phone', normalisePhone(phone.number), phone)
  return points
}

/** The id of the contact that has an address; case does not matter. */
export async function findContactIdByEmail(context: SessionContext, address: string): Promise<string | undefined> {
  const page = await context.storage.find({
    entity: 'contactPoint',
    where: {
      op: 'and',
      args: [
        { op: 'eq', path: 'kind', value: 'email' },
        { op: 'eq', path: 'value', value: normaliseEmail(address) },
        { op: 'not', arg: { op: 'isNull', path: 'contactId' } },
      ],
    },
    order: ['id'],
    limit: 1,
  })
  return page.rows[0]?.contactId as string | undefined
}
