import {
  type Email,
  normaliseEmail,
  normalisePhone,
  type Phone,
  withOnePrimary,
} from '../contact-point/contact-point.js'

/** The name to show. Chinese, Japanese and Korean names are written family name first, without a space. */
export function fullNameOf(firstName: string | undefined, lastName: string | undefined): string | undefined {
  const first = firstName?.trim() ?? ''
  const last = lastName?.trim() ?? ''
  if (first && last && cjk.test(first) && cjk.test(last)) return last + first
  return [first, last].filter(Boolean).join(' ') || undefined
}

const cjk = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u

/** The parts of a contact that depend on each other. */
export interface ContactCore {
  readonly firstName?: string
  readonly lastName?: string
  readonly emails: readonly Email[]
  readonly phones: readonly Phone[]
}

/** A contact's lists put in order, and the fields that follow from them; `null` clears. */
export function deriveContact(core: ContactCore): {
  emails: (Email & { primary: boolean })[]
  phones: (Phone & { primary: boolean })[]
  derived: { fullName: string | null; primaryEmail: string | null; primaryPhone: string | null }
} {
  const emails = withOnePrimary(
    core.emails.map((email) => ({ ...email, address: email.address.trim() })),
    (email) => normaliseEmail(email.address),
  )
  const phones = withOnePrimary(core.phones, (phone) => normalisePhone(phone.number))
  return {
    emails,
    phones,
    derived: {
      fullName: fullNameOf(core.firstName, core.lastName) ?? null,
      primaryEmail: emails.find((email) => email.primary)?.address ?? null,
      primaryPhone: phones.find((phone) => phone.primary)?.number ?? null,
    },
  }
}
