import type { Row } from '../../storage/row.js'
import type { Address } from '../address/address.js'
import { normalisePhone, type Phone } from '../contact-point/contact-point.js'
import { verifiedRefs } from '../external-ref/external-ref-merge.js'

/** How companies are matched: by name, first domain and number, and town. */
export const companyMatch = {
  fields: { name: 'companyName', domain: 'text', phone: 'phone', city: 'text' },
  paths: ['name', 'domains', 'phones', 'addresses'],
  read: (row: Row) => ({
    name: row.name as string | undefined,
    domain: (row.domains as readonly string[] | undefined)?.[0],
    phone: (row.phones as readonly Phone[] | undefined)?.[0]?.number,
    city: (row.addresses as readonly Address[] | undefined)?.find(({ city }) => city)?.city,
  }),
  identity: (row: Row) => ({
    phone: ((row.phones as readonly Phone[] | undefined) ?? [])
      .filter(({ verifiedAt }) => verifiedAt !== undefined)
      .map(({ number }) => normalisePhone(number)),
    taxId: typeof row.taxId === 'string' ? [row.taxId] : [],
    ...verifiedRefs(row),
  }),
} as const
