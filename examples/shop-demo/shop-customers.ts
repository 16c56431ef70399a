import type { CrmSession } from '@rapport/core'
import { cdnowSystem } from './import-cdnow.js'
import type { ShopCustomer } from './pages/storefront-page.js'

/** Numbers of the customers whom a visitor of the demo can sign in as: some regulars, and one who came once. */
const shopCustomerIds = [509, 1820, 549, 841, 1]

/** Looks them up by their ids in the log. */
export async function findShopCustomers(session: CrmSession): Promise<ShopCustomer[]> {
  const found = await Promise.all(
    shopCustomerIds.map(async (customerId) => {
      const ref = { system: cdnowSystem, externalId: String(customerId) }
      return { customerId, contact: await session.contacts.findByExternalRef(ref) }
    }),
  )
  return found.flatMap(({ customerId, contact }) =>
    contact === undefined
      ? []
      : [
          {
            customerId,
            contactId: contact.id,
            name: contact.fullName ?? '',
            orderCount: contact.orderCount ?? 0,
          },
        ],
  )
}
