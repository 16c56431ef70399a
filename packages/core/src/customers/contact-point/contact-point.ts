import * as z from 'zod/mini'
import { bool, fieldFacts, instant, oneOf, text } from '../../entity/field.js'

/** The match key of an e-mail address: trimmed, NFC, lower case. The stored address stays as it was written. */
export function normaliseEmail(address: string): string {
  return address.trim().normalize('NFC').toLowerCase()
}

/** The match key of a phone number: a leading `+` (also for `00`) and digits. */
export function normalisePhone(number: string): string {
  const digits = number.normalize('NFKC').replace(/[^\d+]/g, '')
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits
}

const emailShape = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\.]{2,}$/

const marks = {
  /** Where messages go first; exactly one per contact and kind. */
  primary: z.optional(bool()),
  /** The person does not want to be reached here. */
  optOut: z._default(bool(), false),
  /** Messages to it came back. */
  invalid: z._default(bool(), false),
  /** When the person proved to own it. */
  verifiedAt: z.optional(instant()),
}

/** An e-mail address of a contact. */
export const emailSchema = z.strictObject({
  address: text({ maxLength: 254 })
    .check(
      z.refine((value) => emailShape.test(value.trim()), {
        error: 'must be an e-mail address such as ada@example.com',
      }),
    )
    .register(fieldFacts, { type: 'text' }),
  type: z._default(oneOf(['work', 'home', 'other']), 'other'),
  ...marks,
})

/** A phone number of a contact. */
export const phoneSchema = z.strictObject({
  number: text({ maxLength: 50 })
    .check(
      z.refine((value) => /^\+?\d{3,20}$/.test(normalisePhone(value)), {
        error: 'must be a phone number such as +44 20 7946 0018',
      }),
    )
    .register(fieldFacts, { type: 'text' }),
  type: z._default(oneOf(['mobile', 'work', 'home', 'fax', 'other']), 'other'),
  ...marks,
})

/** An e-mail address of a contact or company. */
export type Email = z.output<typeof emailSchema> & { primary?: boolean }

/** A phone number of a contact or company. */
export type Phone = z.output<typeof phoneSchema> & { primary?: boolean }

/**
 * Exactly one entry is primary: the first one marked so, or else the first. Of doubles by match key the first one stays, in its
 * place; a mark on any of them counts for it.
 */
export function withOnePrimary<T extends { primary?: boolean | undefined }>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
): (T & { primary: boolean })[] {
  const byKey = new Map<string, T>()
  let chosenKey: string | undefined
  let isMarked = false
  for (const entry of entries) {
    const key = keyOf(entry)
    if (!byKey.has(key)) byKey.set(key, entry)
    if (chosenKey === undefined || (entry.primary && !isMarked)) chosenKey = key
    if (entry.primary) isMarked = true
  }
  return [...byKey].map(([key, entry]) => ({ ...entry, primary: key === chosenKey }))
}
