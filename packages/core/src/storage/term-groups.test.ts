import fc from 'fast-check'
import { expect, it } from 'vitest'
import { termGroups } from './term-groups.js'

it('spreads rare terms, and gives the rarest the fewest others', () => {
  expect(termGroups(['ene', 'xyz', 'qua'], 2)).toEqual([['xyz'], ['qua', 'ene']])
  expect(termGroups(['ene', 'xyz'], 2)).toEqual([['xyz', 'ene']])
})

it('leaves no row out: who holds enough of the terms holds all of one group', () => {
  const term = fc.string({ maxLength: 3 })
  fc.assert(
    fc.property(
      fc.uniqueArray(term, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat()),
      fc.nat(),
      (terms, drawn, least) => {
        const held = new Set(drawn.map((number) => terms[number % terms.length] as string))
        const atLeast = 1 + (least % terms.length)
        fc.pre(held.size >= atLeast)
        const groups = termGroups(terms, atLeast)
        expect(groups.flat().sort()).toEqual([...terms].sort())
        expect(groups.some((group) => group.length > 0 && group.every((one) => held.has(one)))).toBe(true)
      },
    ),
  )
})
