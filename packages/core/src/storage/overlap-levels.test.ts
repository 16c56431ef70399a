import fc from 'fast-check'
import { expect, it } from 'vitest'
import { overlapLevels } from './overlap-levels.js'

it.each([
  [1, 1, [1]],
  [3, 2, [3, 2]],
  [11, 5, [11, 9, 7, 5]],
])('of %i terms, at least %i', (terms, atLeast, levels) => {
  expect(overlapLevels(terms, atLeast)).toEqual(levels)
})

it('falls from all terms to those that are asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.nat(), (terms, least) => {
      const atLeast = 1 + (least % terms)
      const levels = overlapLevels(terms, atLeast)
      expect([levels[0], levels.at(-1)]).toEqual([terms, atLeast])
      expect(levels.every((level, place) => place === 0 || level < (levels[place - 1] as number))).toBe(true)
    }),
  )
})
