import * as z from 'zod/mini'
import { externalRefSchema } from '../../customers/index.js'
import { instant, int, money, oneOf, reference, structured, text } from '../../entity/field.js'

/** One position of an order. */
export const orderItemSchema = z.strictObject({
  sku: z.optional(text({ maxLength: 100 })),
  name: text({ minLength: 1 }),
  quantity: int({ min: 1 }),
  /** Of the whole position, in the order's currency. */
  amountMinor: z.optional(int()),
})

/** Fields of an order that callers set. */
export const orderSchema = z.strictObject({
  contactId: reference('contact'),
  companyId: z.optional(reference('company')),
  /** When the customer bought. */
  placedAt: instant(),
  status: z._default(oneOf(['open', 'completed', 'canceled', 'refunded']), 'open'),
  total: money({ min: 0 }),
  refunded: z.optional(money({ min: 0 })),
  items: z._default(structured(z.array(orderItemSchema).check(z.maxLength(1_000))), []),
  externalRefs: z._default(structured(z.array(externalRefSchema).check(z.maxLength(50))), []),
})
