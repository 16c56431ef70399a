import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilter } from '../../storage/evaluate-filter.js'
import { associationEntity } from './association-entity.js'
import { hasEnded, notEndedOn, overlap, overlapping, pairKey, refuseBackwards } from './association-rules.js'

const link = { fromType: 'contact', fromId: 'b', toType: 'contact', toId: 'a', typeKey: 'knows' }

test('a link is unique by its ends and kind while it holds, and by its period once that is over', () => {
  expect(pairKey({ ...link, from: '2020-01-01' })).toBe(pairKey(link))
  expect(pairKey({ ...link, to: '2020-01-01' })).not.toBe(pairKey(link))
  expect(pairKey({ ...link, fromId: 'a', toId: 'b' })).not.toBe(pairKey(link))
  const both = { ...link, symmetric: true }
  expect(pairKey({ ...both, fromId: 'a', toId: 'b' })).toBe(pairKey(both))
})

test('on its last day a link has ended already', () => {
  expect(['2024-06-29', '2024-06-30', '2024-07-01'].map((day) => hasEnded({ to: '2024-06-30' }, day))).toEqual([
    false,
    true,
    true,
  ])
  expect(hasEnded({}, '2024-06-30')).toBe(false)
})

test('a period that ends before it begins is refused', () => {
  expect(() => refuseBackwards({ from: '2024-02-01', to: '2024-01-31' })).toThrow(/to: must not be before/)
  expect(() => refuseBackwards({ from: '2024-02-01', to: '2024-02-01' })).not.toThrow()
})

const day = fc.integer({ min: 1, max: 9 }).map((number) => `2024-01-0${number}`)
const period = fc
  .record({ from: fc.option(day, { nil: undefined }), to: fc.option(day, { nil: undefined }) })
  .filter(({ from, to }) => from === undefined || to === undefined || from <= to)
const days = Array.from({ length: 11 }, (_, index) => `2024-01-${String(index).padStart(2, '0')}`)
const holdsOn = ({ from, to }: { from: string | undefined; to: string | undefined }, on: string): boolean =>
  (from === undefined || from <= on) && (to === undefined || on <= to)

test('two periods overlap exactly when they share a day, and the filters say the same as the rules', () => {
  fc.assert(
    fc.property(period, period, day, (one, other, on) => {
      const shared = days.some((each) => holdsOn(one, each) && holdsOn(other, each))
      expect(overlap(one, other)).toBe(shared)
      const row = { id: 'x', version: 1, ...Object.fromEntries(Object.entries(other).filter(([, value]) => value)) }
      expect(compileFilter(associationEntity.storage, overlapping(one))(row)).toBe(shared)
      expect(compileFilter(associationEntity.storage, notEndedOn(on))(row)).toBe(!hasEnded(other, on))
    }),
  )
})
