import type { ExternalRef } from '../../customers/index.js'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import type { NewOf, PatchOf } from '../../entity/record-service.js'
import { orderSchema } from './order.js'

/** A purchase, as the shop knows it: what scores are computed from. */
export const orderEntity = defineEntity({
  name: 'order',
  schema: orderSchema,
  access: {
    reach: { parent: 'contact', field: 'contactId' },
    portal: {
      contact: 'contactId',
      company: 'companyId',
      fields: ['contactId', 'placedAt', 'status', 'total', 'refunded', 'items', 'externalRefs'],
    },
  },
  indexes: [
    { name: 'placed', on: ['-placedAt'], live: true },
    // Deleted ones too, since a merge moves them.
    { name: 'contact', on: ['contactId', 'placedAt'] },
    { name: 'company', on: ['companyId'] },
    { name: 'contact_newest', on: ['contactId', '-placedAt'], live: true },
  ],
  search: [
    {
      field: 'externalRefs',
      weight: 1,
      textsOf: ({ externalRefs }) =>
        ((externalRefs ?? []) as readonly ExternalRef[]).map(({ externalId }) => externalId),
    },
  ],
})

/** A purchase. */
export type Order = RecordOf<typeof orderEntity>

/** Input of an order; `externalRef` is its number in the shop, which makes recording it twice harmless. */
export type NewOrder = Omit<NewOf<typeof orderEntity>, 'externalRefs'> & { externalRef?: ExternalRef }

/** Input of a change of an order. */
export type OrderPatch = PatchOf<typeof orderEntity>
