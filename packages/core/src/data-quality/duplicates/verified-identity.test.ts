import { expect, test } from 'vitest'
import { conflictingIdentifiers, isSameVerified } from './verified-identity.js'

test('a shared verified identifier proves that two records are the same', () => {
  expect(isSameVerified({ email: ['a', 'b'] }, { email: ['b'] })).toBe(true)
  expect(isSameVerified({ email: ['a'] }, { phone: ['a'] })).toBe(false)
  expect(isSameVerified({}, {})).toBe(false)
})

test('another verified identifier of the same kind speaks against it', () => {
  const [left, right] = [
    { phone: ['1'], email: ['a'], 'ref:app': ['x'] },
    { phone: ['1'], email: ['b'], 'ref:app': ['x', 'y'] },
  ]
  expect(conflictingIdentifiers(left, right)).toEqual(['email'])
  expect(isSameVerified(left, right)).toBe(false)
})

test('it does not matter which record comes first', () => {
  const [left, right] = [
    { phone: ['1'], 'ref:app': ['x'] },
    { 'ref:app': ['y'], phone: ['1', '2'] },
  ]
  expect(conflictingIdentifiers(left, right)).toEqual(conflictingIdentifiers(right, left))
})
