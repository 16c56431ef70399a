import * as z from 'zod/mini'
import { canonicalJson } from '../../entity/canonical-json.js'
import { bool, fieldFacts, oneOf, text } from '../../entity/field.js'
import { isCountryCode } from './country-code.js'

/** What an address is for. */
export const addressTypes = ['billing', 'shipping', 'mailing', 'other'] as const

const part = (options?: Parameters<typeof text>[0]) => z.optional(text({ minLength: 1, ...options }))

/** A postal address, or what is known of one: at least a line, a town, a region, a code or a country. */
export const addressSchema = z
  .strictObject({
    type: z._default(oneOf(addressTypes), 'other'),
    line1: part(),
    line2: part(),
    city: part(),
    region: part(),
    postalCode: part({ maxLength: 32 }),
    /** ISO 3166-1 alpha-2. */
    countryCode: z.optional(
      text({ maxLength: 2 })
        .check(z.refine(isCountryCode, { error: 'must be the ISO 3166-1 code of a country, such as DE' }))
        .register(fieldFacts, { type: 'text' }),
    ),
    /** Which of several of a type is used unasked. Exactly one of each type is; the first one when none is marked. */
    primary: z.optional(bool()),
  })
  .check(
    z.refine(
      ({ line1, line2, city, region, postalCode, countryCode }) =>
        [line1, line2, city, region, postalCode, countryCode].some((known) => known !== undefined),
      { error: 'must have at least one of line1, line2, city, region, postalCode, countryCode' },
    ),
  )

/** A postal address of a contact or company. */
export type Address = z.output<typeof addressSchema>

/** Each address once, and of each type exactly one primary: the first one marked so, or else the first. */
export function orderedAddresses(addresses: readonly Address[]): (Address & { primary: boolean })[] {
  const byKey = new Map<string, Address>()
  for (const address of addresses) {
    const known = byKey.get(keyOf(address))
    if (!known || (address.primary && !known.primary)) byKey.set(keyOf(address), address)
  }
  const distinct = [...byKey.values()]
  const primaries = new Set(
    addressTypes.map((type) => {
      const own = distinct.filter((address) => address.type === type)
      return own.find(({ primary }) => primary) ?? own[0]
    }),
  )
  return distinct.map((address) => ({ ...address, primary: primaries.has(address) }))
}

/** How the addresses of records are told apart and joined when these are merged. */
export const addressEntries = {
  key: (entry: Readonly<Record<string, unknown>>): string => keyOf(entry as unknown as Address),
  join: <T>(kept: T): T => kept,
  finish: (entries: readonly Readonly<Record<string, unknown>>[]): readonly Readonly<Record<string, unknown>>[] =>
    orderedAddresses(entries as unknown as readonly Address[]),
}

function keyOf({ primary: _, ...place }: Address): string {
  return canonicalJson(place)
}
