import type { Row } from '../../storage/row.js'
import type { Address } from '../address/address.js'
import { type Email, normaliseEmail, normalisePhone, type Phone } from '../contact-point/contact-point.js'
import { verifiedRefs } from '../external-ref/external-ref-merge.js'

/** How contacts are matched: by name, primary address and number, town and birthday. */
export const contactMatch = {
  fields: { name: 'personName', email: 'email', phone: 'phone', city: 'text', birthDate: 'date' },
  paths: ['fullName', 'primaryEmail', 'primaryPhone', 'addresses', 'birthDate'],
  read: (row: Row) => ({
    name: row.fullName as string | undefined,
    email: row.primaryEmail as string | undefined,
    phone: row.primaryPhone as string | undefined,
    city: (row.addresses as readonly Address[] | undefined)?.find(({ city }) => city)?.city,
    birthDate: row.birthDate as string | undefined,
  }),
  identity: (row: Row) => ({
    email: verified(row.emails as readonly Email[] | undefined, ({ address }) => normaliseEmail(address)),
    phone: verified(row.phones as readonly Phone[] | undefined, ({ number }) => normalisePhone(number)),
    ...verifiedRefs(row),
  }),
} as const

function verified<Point extends { readonly verifiedAt?: string | undefined }>(
  points: readonly Point[] = [],
  keyOf: (point: Point) => string,
): string[] {
  return points.filter(({ verifiedAt }) => verifiedAt !== undefined).map(keyOf)
}
