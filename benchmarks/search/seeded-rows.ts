import type { NewRow } from '@rapport/core/storage'
import type { SeededCustomer } from './seeded-customers.js'

const at = '2026-01-01T00:00:00.000Z'
const by = { type: 'system', id: 'seed' }
const marks = { type: 'other', optOut: false, invalid: false, primary: true }
const han = /\p{Script=Han}/u

/** Contacts as they are stored, without what finds them: a rebuild of the search index fills that in. */
export function contactRows(customers: readonly SeededCustomer[]): NewRow[] {
  return customers.map(({ firstName, lastName, email, phone, externalId }, index) => {
    const fullName = han.test(lastName) ? lastName + firstName : `${firstName} ${lastName}`
    return {
      id: `0199e7b4-3c00-7000-8000-${index.toString(16).padStart(12, '0')}`,
      createdAt: at,
      updatedAt: at,
      createdBy: by,
      updatedBy: by,
      journalHash: '0'.repeat(64),
      firstName,
      lastName,
      fullName,
      fullNameFolded: fullName.toLowerCase(),
      emails: [{ address: email, ...marks }],
      primaryEmail: email,
      primaryEmailFolded: email,
      phones: [{ number: phone, ...marks }],
      primaryPhone: phone,
      addresses: [],
      lifecycleStage: 'subscriber',
      externalRefs: [{ system: 'shop', externalId }],
    }
  })
}

/** In parts of a size. */
export function* partsOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size)
}
