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
