import { describe, expect, it } from 'vitest'
import { compareCodePoints } from '../../kernel/text-safety.js'
import { sample } from '../sample-entity.fixture.js'
import { queryConditions } from './query-conditions.js'

describe('queryConditions', () => {
  it.each(['a', 'ab', '\ud7ff', 'a\u{10ffff}', '\u{1f600}', '\uffff'])('bounds the prefix %j tightly', (prefix) => {
    const range = queryConditions(sample, { op: 'prefix', path: 'name', value: prefix }).ranges.get('name')
    const upper = String(range?.upper?.value)
    expect(range?.lower).toEqual({ value: prefix, inclusive: true })
    expect(upper.isWellFormed()).toBe(true)
    expect(compareCodePoints(`${prefix}\u{10ffff}\u{10ffff}`, upper)).toBeLessThan(0)
    expect(range?.upper?.inclusive).toBe(false)
  })

  it.each(['', '\u{10ffff}', '\u{10ffff}\u{10ffff}'])('leaves the prefix %j open above', (prefix) => {
    const range = queryConditions(sample, { op: 'prefix', path: 'name', value: prefix }).ranges.get('name')
    expect(range).toMatchObject({ lower: { value: prefix } })
    expect(range?.upper).toBeUndefined()
  })

  it('leaves values of another type than the field to the evaluator', () => {
    const args = [
      { op: 'eq', path: 'size', value: '1' },
      { op: 'lt', path: 'name', value: 1 },
      { op: 'in', path: 'open', values: [true, 'x'] },
    ] as const
    const { all, equal, ranges, oneOf } = queryConditions(sample, { op: 'and', args })
    expect([all.length, equal.size, ranges.size, oneOf.size]).toEqual([3, 0, 0, 0])
  })
})
