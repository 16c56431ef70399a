import { expect, test } from 'vitest'
import { type GridSize, moveInGrid } from './grid-navigation.js'

const size: GridSize = { rows: 101, columns: 8, page: 10, rightToLeft: false }
const middle = { row: 50, column: 3 }
const press = (key: string, from = middle, over: Partial<GridSize> & { ctrlKey?: boolean } = {}) =>
  moveInGrid(from, { key, ctrlKey: over.ctrlKey ?? false }, { ...size, ...over })

test.each([
  ['ArrowUp', { row: 49, column: 3 }],
  ['ArrowDown', { row: 51, column: 3 }],
  ['ArrowLeft', { row: 50, column: 2 }],
  ['ArrowRight', { row: 50, column: 4 }],
  ['Home', { row: 50, column: 0 }],
  ['End', { row: 50, column: 7 }],
  ['PageUp', { row: 40, column: 3 }],
  ['PageDown', { row: 60, column: 3 }],
])('%s moves', (key, to) => {
  expect(press(key)).toEqual(to)
})

test('Control with Home and End goes to the corners', () => {
  expect(press('Home', middle, { ctrlKey: true })).toEqual({ row: 0, column: 0 })
  expect(press('End', middle, { ctrlKey: true })).toEqual({ row: 100, column: 7 })
})

test('movement stops at the edges, and paging up stops below the heading', () => {
  expect(press('ArrowUp', { row: 0, column: 0 })).toEqual({ row: 0, column: 0 })
  expect(press('ArrowDown', { row: 100, column: 0 })).toEqual({ row: 100, column: 0 })
  expect(press('PageUp', { row: 4, column: 0 })).toEqual({ row: 1, column: 0 })
  expect(press('ArrowRight', { row: 1, column: 7 })).toEqual({ row: 1, column: 7 })
})

test('an empty table has only its heading', () => {
  expect(press('PageDown', { row: 0, column: 2 }, { rows: 1 })).toEqual({ row: 0, column: 2 })
})

test('from right to left, the left arrow moves on', () => {
  expect(press('ArrowLeft', middle, { rightToLeft: true })).toEqual({ row: 50, column: 4 })
  expect(press('ArrowRight', middle, { rightToLeft: true })).toEqual({ row: 50, column: 2 })
})

test('other keys are left to the browser', () => {
  expect(press('a')).toBeUndefined()
  expect(press('Tab')).toBeUndefined()
})
