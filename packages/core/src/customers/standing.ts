import * as z from 'zod/mini'
import { money, tags, text } from '../entity/field.js'

/**
 * How a customer stands with the tenant, the same for persons and companies. What status, level, rating and risk grade may be is the
 * tenant's choice.
 */
export const standingShape = (personal: boolean) => ({
  customerStatus: z.optional(text({ maxLength: 64, personal })),
  customerLevel: z.optional(text({ maxLength: 64, personal })),
  /** How good a payer the customer is, or is thought to be. */
  rating: z.optional(text({ maxLength: 64, personal })),
  riskGrade: z.optional(text({ maxLength: 64, personal })),
  /** The most that may be open at a time. */
  creditLimit: z.optional(money({ min: 0, personal })),
  /** Filter with `has` and `hasAny`. */
  interests: z.optional(tags({ maxItems: 200, personal })),
})
