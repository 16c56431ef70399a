import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rarestTerms } from './rarest-terms.js'
import { searchTerms } from './search-tokens.js'

it('prefers whole addresses and grams of rare letters', () => {
  const terms = searchTerms('ada@example.com')
  expect(rarestTerms(terms, terms.length)).toEqual(['@ada@example.com'])
  expect(rarestTerms(['ene', 'xyz'], 2)).toEqual(['xyz'])
})

it('leaves no row out: who holds enough of the terms holds one of the rarest', () => {
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
        expect(rarestTerms(terms, atLeast).some((one) => held.has(one))).toBe(true)
      },
    ),
  )
})
