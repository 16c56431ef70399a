import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codePointLength, compareCodePoints, isStorableText } from './text-safety.js'

/** Text with many characters on both sides of the surrogates, where the order of UTF-16 units goes wrong. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 8,
})

const codePoints = (value: string): number[] => Array.from(value, (char) => char.codePointAt(0) as number)

const compareLists = (left: readonly number[], right: readonly number[]): number => {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] as number) - (right[index] as number)
    if (difference !== 0) return Math.sign(difference)
  }
  return Math.sign(left.length - right.length)
}

test('compareCodePoints orders as the lists of code points do', () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(Math.sign(compareCodePoints(left, right))).toBe(compareLists(codePoints(left), codePoints(right)))
    }),
    { numRuns: 5_000 },
  )
  expect(compareCodePoints('\uffff', '\u{10000}')).toBeLessThan(0)
  expect('\uffff' < '\u{10000}').toBe(false)
})

test('compareCodePoints orders as UTF-8 bytes do', () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(Math.sign(compareCodePoints(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)))
    }),
    { numRuns: 2_000 },
  )
})

test('codePointLength counts code points', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(codePointLength(value)).toBe(codePoints(value).length)
    }),
  )
})

test('U+0000 and half a surrogate pair cannot be stored, everything else can', () => {
  for (const bad of ['a\u0000', '\ud800', 'x\udc00y', '\udc00\ud800']) expect(isStorableText(bad)).toBe(false)
  for (const good of ['', 'Ada', '\u202e', '\u{1f600}', '\ufffe']) expect(isStorableText(good)).toBe(true)
})
