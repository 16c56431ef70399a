import { expect, test } from 'vitest'
import { hashOf, placeOf } from './admin-place.js'

const id = '01a200ec-33f0-754d-9eba-d1ef0c03d84a'

test.each([
  ['#customers', { view: 'customers' }],
  [`#customer=${id}`, { view: 'customers', id }],
  ['#tickets', { view: 'tickets' }],
  [`#ticket=${id}`, { view: 'tickets', id }],
  ['#scores', { view: 'scores' }],
  ['#models', { view: 'models' }],
] as const)('%s names a place and is its address', (hash, place) => {
  expect(placeOf(hash)).toEqual(place)
  expect(hashOf(place)).toBe(hash)
})

test.each(['', '#', '#main', '#customer=', '#customer=../../x', '#nothing=1'])('%j leads to the customers', (hash) => {
  expect(placeOf(hash)).toEqual({ view: 'customers' })
})
