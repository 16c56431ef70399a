import * as z from 'zod/mini'
import { canonicalJson } from '../../entity/canonical-json.js'
import { instant, reference, structured, text } from '../../entity/field.js'

/** Types that every shop has; any other name is one of the host's own. */
export const behaviourTypes = ['view', 'search', 'cart'] as const

/** A value of a property. Lists are compared with `has` and `hasAny`. */
export type BehaviourProperty = string | number | boolean | readonly string[]

const mostProperties = 50
const longestProperties = 8_192
const typeName = /^[a-z][a-z0-9_.-]{0,63}$/
const propertyKey = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

const propertySchema = z.union([
  text(),
  z.number().check(z.refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value))),
  z.boolean(),
  z.array(text()).check(z.maxLength(50)),
])

/** Further facts of an event: at most 50, of 8,192 characters as JSON, one level deep, so that segments can compare them. */
const propertiesSchema = z.record(z.string().check(z.regex(propertyKey)), propertySchema).check(
  z.refine((value) => Object.keys(value).length <= mostProperties, {
    error: `must be at most ${mostProperties} properties`,
  }),
  z.refine((value) => canonicalJson(value).length <= longestProperties, {
    error: `must be at most ${longestProperties} characters as JSON`,
  }),
)

/** What callers say of an event. Where people look, what they type and what a host adds may tell who they are, so it is personal. */
export const behaviourSchema = {
  /** `view`, `search`, `cart` or a name of the host's own. */
  type: text({ pattern: typeName, expected: 'must be a name such as view or wishlist.add' }),
  /** The moment it happened, by the clock of the device. */
  at: instant(),
  /** What the consent was given for. */
  purpose: z._default(text({ minLength: 1, maxLength: 100 }), 'analytics'),
  /** Path or key of the page. */
  page: z.optional(text({ personal: true })),
  /** The shop's key of a product. */
  product: z.optional(text()),
  /** What was searched for. */
  query: z.optional(text({ personal: true })),
  properties: z.optional(structured(propertiesSchema, { personal: true })),
}

/** Input of an event. */
export const newBehaviourSchema = z.strictObject({
  visitorId: reference('visitor'),
  /** Names the event for ever: sent again, it changes nothing. */
  eventId: z.optional(text({ minLength: 1, maxLength: 64 })),
  ...behaviourSchema,
})
