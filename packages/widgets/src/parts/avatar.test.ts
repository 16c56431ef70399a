import { expect, test } from 'vitest'
import { initialsOf, toneOf } from './avatar.js'

test.each([
  ['Ada King', 'AK'],
  ['ada augusta king', 'AK'],
  ['Prince', 'P'],
  ['王美玲', '美玲'],
  ['建国 Weber', '建W'],
  ['  ', ''],
  ['𝒜da 🎈loon', '𝒜🎈'],
])('the initials of %j are %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})

test('a tone is one of six and stays the same', () => {
  expect(new Set(Array.from({ length: 100 }, (_, id) => toneOf(`c-${id}`)))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
  expect(toneOf('c-1')).toBe(toneOf('c-1'))
})
