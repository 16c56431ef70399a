import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, sameValue } from './canonical-json.js'

test('is JSON of the same value, whatever the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  expect(canonicalJson({ b: 1, a: { d: [], c: null }, '10': 2, '9': 3 })).toBe(
    '{"10":2,"9":3,"a":{"c":null,"d":[]},"b":1}',
  )
})

test('equal values have equal text, different ones different text', () => {
  const shuffled = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, member]) => [key, shuffled(member)]),
        )
      : value
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (left, right) => {
      expect(canonicalJson(shuffled(left))).toBe(canonicalJson(left))
      const same = canonicalJson(left) === canonicalJson(right)
      expect(same).toBe(sameValue(left, right))
    }),
  )
})

test('leaves members that are missing out, and keeps the places of a list', () => {
  expect(canonicalJson({ a: undefined, b: [undefined, 1] })).toBe('{"b":[null,1]}')
  expect(canonicalJson(undefined)).toBe('null')
})

test('a missing value and null are the same, zero and false are not', () => {
  expect(sameValue(undefined, null)).toBe(true)
  expect(sameValue(null, {})).toBe(false)
  expect(sameValue([], undefined)).toBe(false)
  expect(sameValue(0, false)).toBe(false)
  expect(sameValue(0, null)).toBe(false)
  expect(sameValue('1', 1)).toBe(false)
  expect(sameValue({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true)
  expect(sameValue([1, 2], [2, 1])).toBe(false)
})
