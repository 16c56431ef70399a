import fc from 'fast-check'
import { expect, it } from 'vitest'
import { editDistance } from './edit-distance.js'

// Textbook pairs; 'ca'/'abc' is 3 under optimal string alignment and 2 under unrestricted Damerau–Levenshtein (Boytsov 2011).
it.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['martha', 'marhta', 1],
  ['ca', 'abc', 3],
])('%s to %s takes %i edits', (left, right, edits) => {
  expect(editDistance([...left], [...right])).toBe(edits)
  expect(editDistance([...right], [...left])).toBe(edits)
})

it('says no more than that there are too many edits, where only a few are asked about', () => {
  const word = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 })
  fc.assert(
    fc.property(word, word, fc.nat({ max: 8 }), (left, right, atMost) => {
      const edits = editDistance(left, right)
      expect(editDistance(left, right, atMost)).toBe(edits <= atMost ? edits : Number.POSITIVE_INFINITY)
    }),
  )
})
