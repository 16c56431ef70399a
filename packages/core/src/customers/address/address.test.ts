import { getCountries } from 'libphonenumber-js'
import { expect, test } from 'vitest'
import { type Address, addressEntries, orderedAddresses } from './address.js'
import { isCountryCode } from './country-code.js'

const road: Address = { type: 'billing', line1: '1 Road', city: 'Town', countryCode: 'DE' }

test('of each type the first address marked primary is primary, or else the first', () => {
  const given = [road, { ...road, city: 'Ville', primary: true }, { ...road, city: 'City', primary: true }]
  expect(orderedAddresses(given).map(({ primary }) => primary)).toEqual([false, true, false])
  const shipping = { ...road, type: 'shipping' } as const
  expect(orderedAddresses([...given, shipping]).at(-1)).toEqual({ ...shipping, primary: true })
  expect(orderedAddresses([])).toEqual([])
})

test('an address is kept once, and a mark on either of two equal ones counts', () => {
  const other = { ...road, city: 'Ville' }
  const kept = orderedAddresses([other, road, { ...road, primary: true }])
  expect(kept.map(({ city, primary }) => [city, primary])).toEqual([
    ['Ville', false],
    ['Town', true],
  ])
})

test('joined lists of two records have one primary address of a type', () => {
  const joined = addressEntries.finish([
    { ...road, primary: true },
    { ...road, city: 'Ville', primary: true },
  ])
  expect(joined.map(({ primary }) => primary)).toEqual([true, false])
  expect(addressEntries.key({ ...road, primary: true })).toBe(addressEntries.key({ ...road }))
})

test('countries are those of ISO 3166-1, as the numbering plans of the world know them too', () => {
  // Ascension and Tristan da Cunha have numbers of their own and no code of their own in the standard.
  const known = getCountries().filter((code) => code !== 'AC' && code !== 'TA')
  expect(known.filter((code) => !isCountryCode(code))).toEqual([])
  expect(['UK', 'EU', 'SU', 'de', 'ZZ', ''].filter(isCountryCode)).toEqual([])
})
