import { expect, test } from 'vitest'
import { foldText, matchingRows } from './haystack.js'

const haystacks = ['Björn Ångström\nbjorn@example.com', 'Ada King\nada@example.com', '王美玲\nling@example.cn'].map(
  foldText,
)

test('folding drops case, accents and width', () => {
  expect(foldText('ＭÜLLER')).toBe('muller')
})

test.each([
  ['', [0, 1, 2]],
  ['   ', [0, 1, 2]],
  ['angstrom', [0]],
  ['KING ada', [1]],
  ['美玲', [2]],
  ['example', [0, 1, 2]],
  ['ada 王', []],
])('the filter %j finds rows %j', (query, rows) => {
  expect(Array.from(matchingRows(haystacks, query))).toEqual(rows)
})
