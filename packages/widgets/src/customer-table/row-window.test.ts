import { expect, test } from 'vitest'
import { offsetShowing, rowWindow } from './row-window.js'

test('the window holds the visible rows and six more on either side', () => {
  expect(rowWindow(5000, 500, 50, 10_000)).toEqual({ first: 94, end: 116, visibleFirst: 100, visibleEnd: 110 })
})

test('the window ends with the rows', () => {
  expect(rowWindow(0, 500, 50, 4)).toEqual({ first: 0, end: 4, visibleFirst: 0, visibleEnd: 4 })
  expect(rowWindow(0, 500, 50, 0)).toEqual({ first: 0, end: 0, visibleFirst: 0, visibleEnd: 0 })
})

test('an offset beyond the last row, as after a filter, shows the last row', () => {
  expect(rowWindow(90_000, 500, 50, 3)).toMatchObject({ visibleFirst: 2, visibleEnd: 3 })
})

test('a row is brought into view with the least movement', () => {
  expect(offsetShowing(10, 600, 500, 50)).toBe(500)
  expect(offsetShowing(15, 600, 500, 50)).toBe(600)
  expect(offsetShowing(30, 600, 500, 50)).toBe(1050)
})
