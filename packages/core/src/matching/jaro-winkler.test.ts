import { expect, test } from 'vitest'
import { jaroWinkler } from './jaro-winkler.js'

// Winkler (1990), table of string comparators; DWAYNE and CRATE also in Christen, Data Matching (2012), section 5.5.
test.each([
  ['MARTHA', 'MARHTA', 0.9611],
  ['DWAYNE', 'DUANE', 0.84],
  ['DIXON', 'DICKSONX', 0.8133],
  ['JONES', 'JOHNSON', 0.8324],
  ['SHACKLEFORD', 'SHACKELFORD', 0.9818],
  ['DUNNINGHAM', 'CUNNIGHAM', 0.8963],
  ['NICHLESON', 'NICHULSON', 0.9556],
  ['ABROMS', 'ABRAMS', 0.9222],
  ['ITMAN', 'SMITH', 0.4667],
])('%s and %s', (left, right, expected) => {
  expect(jaroWinkler(left, right)).toBeCloseTo(expected, 4)
  expect(jaroWinkler(right, left)).toBeCloseTo(expected, 4)
})

test('equal texts are 1, nothing in common 0, no text 0', () => {
  expect(jaroWinkler('ada', 'ada')).toBe(1)
  expect(jaroWinkler('abc', 'xyz')).toBe(0)
  expect(jaroWinkler('', '')).toBe(0)
  expect(jaroWinkler('', 'a')).toBe(0)
})
