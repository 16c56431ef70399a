import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileFilter } from './evaluate-filter.js'
import { everything, type Filter, nothing } from './filter.js'
import type { Row } from './row.js'
import { filter, rowList, sample } from './sample-entity.fixture.js'

const row: Row = {
  id: 'r1',
  version: 3,
  stage: 'won',
  size: 2,
  open: false,
  at: '2026-03-01T10:00:00.000Z',
  tags: ['vip', 'b2b'],
  custom: { region: 'north', empty: null, seats: 4, list: ['a', 1, true], 'a.b': 'dotted' },
}

const holds = (condition: Filter): boolean => compileFilter(sample, condition)(row)

describe('filter semantics', () => {
  it.each<[string, Filter, boolean]>([
    ['and of nothing is true', everything, true],
    ['or of nothing is false', nothing, false],
    ['in of nothing is false', { op: 'in', path: 'stage', values: [] }, false],
    ['eq on a missing value is false', { op: 'eq', path: 'name', value: 'x' }, false],
    ['ne on a missing value is true', { op: 'ne', path: 'name', value: 'x' }, true],
    ['lt on a missing value is false', { op: 'lt', path: 'dueAt', value: '9999-01-01T00:00:00.000Z' }, false],
    ['gte on a missing value is false', { op: 'gte', path: 'dueAt', value: '0001-01-01T00:00:00.000Z' }, false],
    [
      'not of a false comparison is true',
      { op: 'not', arg: { op: 'lt', path: 'dueAt', value: '2026-01-01T00:00:00.000Z' } },
      true,
    ],
    ['prefix on a missing value is false', { op: 'prefix', path: 'name', value: '' }, false],
    ['has on a missing value is false', { op: 'has', path: 'terms', value: 'x' }, false],
    ['isNull on a missing value is true', { op: 'isNull', path: 'name' }, true],
    ['isNull on a present value is false', { op: 'isNull', path: 'open' }, false],
    ['a number never equals a text', { op: 'eq', path: 'size', value: '2' }, false],
    ['a text lies not before a number', { op: 'lt', path: 'size', value: '3' }, false],
    ['nor behind it', { op: 'gte', path: 'size', value: '1' }, false],
    ['lt excludes its bound', { op: 'lt', path: 'size', value: 2 }, false],
    ['lte includes it', { op: 'lte', path: 'size', value: 2 }, true],
    ['gt excludes it', { op: 'gt', path: 'size', value: 2 }, false],
    ['gte includes it', { op: 'gte', path: 'size', value: 2 }, true],
    ['lte on texts', { op: 'lte', path: 'stage', value: 'won' }, true],
    ['gt on moments', { op: 'gt', path: 'at', value: '2026-03-01T10:00:00.000Z' }, false],
    ['false lies before true', { op: 'lt', path: 'open', value: true }, true],
    ['case matters', { op: 'eq', path: 'stage', value: 'Won' }, false],
    ['prefix', { op: 'prefix', path: 'stage', value: 'wo' }, true],
    ['contains takes no wildcards', { op: 'contains', path: 'stage', value: 'w%' }, false],
    ['has', { op: 'has', path: 'tags', value: 'b2b' }, true],
    ['hasAny', { op: 'hasAny', path: 'tags', value: ['x', 'vip'] }, true],
    ['hasAny of nothing is false', { op: 'hasAny', path: 'tags', value: [] }, false],
    ['eq never matches a list', { op: 'eq', path: 'tags', value: 'vip' }, false],
    ['json: eq', { op: 'eq', path: 'custom.region', value: 'north' }, true],
    ['json: null is missing', { op: 'isNull', path: 'custom.empty' }, true],
    ['json: ne of null is true', { op: 'ne', path: 'custom.empty', value: 'x' }, true],
    ['json: types are kept apart', { op: 'eq', path: 'custom.seats', value: '4' }, false],
    ['json: membership keeps types apart', { op: 'has', path: 'custom.list', value: '1' }, false],
    ['json: membership of a number', { op: 'has', path: 'custom.list', value: 1 }, true],
    ['json: places of a list are no keys', { op: 'isNull', path: 'custom.list.0' }, true],
    ['json: inherited properties are no keys', { op: 'isNull', path: 'custom.toString' }, true],
    ['json: a dotted key is not reached by a dotted path', { op: 'isNull', path: 'custom.a.b' }, true],
    ['id', { op: 'in', path: 'id', values: ['r1', 'r2'] }, true],
    ['version', { op: 'gt', path: 'version', value: 2 }, true],
  ])('%s', (_, condition, expected) => {
    expect(holds(condition)).toBe(expected)
  })

  it('orders strings by code point, not by UTF-16 unit', () => {
    const emoji = { ...row, name: '\u{1f600}' }
    expect(compileFilter(sample, { op: 'gt', path: 'name', value: '\u{e000}' })(emoji)).toBe(true)
  })

  it('refuses a path that nothing declares', () => {
    expect(() => compileFilter(sample, { op: 'isNull', path: 'nope' })).toThrow(/no such field/)
  })

  it('agrees with an interpreter written another way', () => {
    fc.assert(
      fc.property(filter, rowList(4), (condition, rows) => {
        for (const each of rows) expect(compileFilter(sample, condition)(each)).toBe(interpret(condition, each))
      }),
      { numRuns: 1_000 },
    )
  })

  it('not is the complement', () => {
    fc.assert(
      fc.property(filter, rowList(4), (condition, rows) => {
        const passing = rows.filter(compileFilter(sample, condition))
        const failing = rows.filter(compileFilter(sample, { op: 'not', arg: condition }))
        expect(passing.length + failing.length).toBe(rows.length)
        expect(passing.some((each) => failing.includes(each))).toBe(false)
      }),
    )
  })
})

/** The semantics once more, straight from the contract's sentences: a set of facts about one value at a time. */
function interpret(node: Filter, each: Row): boolean {
  if ('args' in node) {
    const parts = node.args.map((arg) => interpret(arg, each))
    return node.op === 'and' ? !parts.includes(false) : parts.includes(true)
  }
  if ('arg' in node) return !interpret(node.arg, each)
  const [head = '', ...keys] = node.path.startsWith('custom.') ? node.path.split('.') : [node.path]
  let value: unknown = each[head]
  for (const key of keys) value = (value as Record<string, unknown> | undefined)?.[key]
  const missing = value === undefined || value === null
  const points = (text: string): string =>
    Array.from(text, (c) => c.codePointAt(0)!.toString(16).padStart(6, '0')).join()
  const sortable = (scalar: unknown): string | number => (typeof scalar === 'string' ? points(scalar) : Number(scalar))
  if (node.op === 'isNull') return missing
  if ('values' in node) return node.values.some((one) => one === value)
  if (node.op === 'ne') return missing || value !== node.value
  if (missing) return false
  if (node.op === 'prefix') return (value as string).slice(0, node.value.length) === node.value
  if (node.op === 'contains') return (value as string).split(node.value).length > 1 || node.value === ''
  if (node.op === 'has') return (value as unknown[]).indexOf(node.value) >= 0
  if (node.op === 'hasAny') return node.value.some((one) => (value as unknown[]).indexOf(one) >= 0)
  if (typeof value !== typeof node.value) return false
  const [a, b] = [sortable(value), sortable(node.value)]
  return { eq: a === b, ne: a !== b, lt: a < b, lte: a <= b, gt: a > b, gte: a >= b }[node.op]
}
