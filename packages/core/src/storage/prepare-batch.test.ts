import { describe, expect, it } from 'vitest'
import { isCrmError } from '../kernel/crm-error.js'
import { definitionsOf } from './definitions.js'
import { prepareBatch } from './prepare-batch.js'
import { sample } from './sample-entity.fixture.js'
import type { Write } from './write.js'

const definitions = definitionsOf([sample])
const at = '2026-03-01T10:00:00.000Z'
const prepare = (...batch: readonly unknown[]): Write[] => prepareBatch(definitions, batch as Write[])
const insert = (values: object): object => ({
  do: 'insert',
  entity: 'sample',
  row: { id: 'a', stage: 'new', at, ...values },
})
const patch = (values: object): object => ({ do: 'patch', entity: 'sample', id: 'a', ...values })

function deep(levels: number): unknown {
  return levels === 0 ? 1 : [deep(levels - 1)]
}

describe('prepareBatch', () => {
  describe.each([false, true])('of a batch that is given away: %s', (owned) => {
    it.each<[string, object, string]>([
      ['an unknown verb', { do: 'merge', entity: 'sample', id: 'a' }, 'do'],
      ['an unknown entity', { do: 'delete', entity: 'nope', id: 'a' }, 'nope'],
      ['an empty id', { do: 'delete', entity: 'sample', id: '' }, 'id'],
      ['an id that is no text', insert({ id: 7 }), 'id'],
      ['a missing required value', insert({ stage: null }), 'stage'],
      ['an undeclared path', insert({ nope: 1 }), 'nope'],
      ['a path inside a json field', insert({ 'custom.region': 'x' }), 'custom.region'],
      ['a version below 1', insert({ version: 0 }), 'version'],
      ['a text for a number', insert({ size: '1' }), 'size'],
      ['a fraction for an integer', insert({ size: 0.5 }), 'size'],
      ['an unsafe integer', insert({ size: 2 ** 53 }), 'size'],
      ['NaN', insert({ 'scores.value': Number.NaN }), 'scores.value'],
      ['an impossible moment', insert({ dueAt: '2026-13-01' }), 'dueAt'],
      ['U+0000', insert({ name: 'a\u0000b' }), 'name'],
      ['a lone surrogate', insert({ tags: ['\udc00'] }), 'tags'],
      ['a single value for a list', insert({ tags: 'x' }), 'tags'],
      ['null in a list', insert({ tags: [null] }), 'tags'],
      ['513 characters in an index', insert({ name: 'é'.repeat(513) }), 'name'],
      ['513 characters in an indexed list', insert({ tags: ['x'.repeat(513)] }), 'tags'],
      ['a function in json', insert({ custom: { f: () => 1 } }), 'custom'],
      ['a date in json', insert({ custom: { at: new Date(0) } }), 'custom'],
      ['infinity in json', insert({ custom: [Number.POSITIVE_INFINITY] }), 'custom'],
      ['an unsafe integer in json', insert({ custom: { n: 2 ** 53 } }), 'custom'],
      ['U+0000 in a json key', insert({ custom: { 'a\u0000': 1 } }), 'custom'],
      ['__proto__ in json', insert({ custom: JSON.parse('{"__proto__":{"x":1}}') }), 'custom'],
      ['json of 33 levels', insert({ custom: deep(33) }), 'custom'],
      ['the version in a patch', patch({ set: { version: 2 } }), 'version'],
      ['the id in a patch', patch({ set: { id: 'b' } }), 'id'],
      ['a required value made absent', patch({ set: { stage: null } }), 'stage'],
      ['a place inside a json field', patch({ set: { 'custom.region': 'x' } }), 'custom.region'],
      ['a path twice', patch({ set: { size: 1 }, add: { size: 1 } }), 'size'],
      ['adding to a text', patch({ add: { name: 1 } }), 'name'],
      ['adding a fraction to an integer', patch({ add: { size: 0.5 } }), 'size'],
      ['the greater of two lists', patch({ max: { tags: 'x' } }), 'tags'],
      ['touch: true', patch({ touch: true }), 'touch'],
      ['a version that is no integer', patch({ ifVersion: '1' }), 'ifVersion'],
      ['a check of nothing', { do: 'check', entity: 'sample', id: 'a', is: 'there' }, 'is'],
    ])('refuses %s', (_, write, field) => {
      try {
        prepareBatch(
          definitions,
          [{ do: 'check', entity: 'sample', id: 'first', is: 'present' }, write as Write],
          10,
          owned,
        )
        expect.unreachable()
      } catch (error) {
        if (!isCrmError(error, 'validation_failed')) throw error
        expect(error.details.field ?? error.details.entity).toBe(field)
        expect(error.details.writeIndex).toBe(1)
      }
    })
  })

  it('copies rows, but not those that are given away and need no change', () => {
    const custom = { list: ['a', { b: -1.5 }, null], empty: {} }
    const given = [insert({ custom, tags: ['x'], size: 3, open: true, version: 2 })] as Write[]
    expect(prepareBatch(definitions, given)).toEqual(given)
    expect(prepareBatch(definitions, given)[0]).not.toBe(given[0])
    expect(prepareBatch(definitions, given, 1, true)[0]).toBe(given[0])
  })

  it.each([
    ['an absent value', { name: null }],
    ['an absent value in json', { custom: { gone: undefined } }],
    ['a moment in another form', { at: '2026-03-01T11:00:00+01:00' }],
    ['minus zero', { size: -0 }],
    ['minus zero in json', { custom: [-0] }],
    ['an object without a prototype', { custom: Object.assign(Object.create(null), { a: 1 }) }],
  ])('brings %s into canonical form, also of a row that is given away', (_, values) => {
    const given = insert(values) as Write
    const copied = prepareBatch(definitions, [given])
    const owned = prepareBatch(definitions, [given], 1, true)
    expect(owned).toEqual(copied)
    expect(owned[0]).not.toBe(given)
    expect(Object.is((owned[0] as { row: { size?: number } }).row.size, -0)).toBe(false)
  })

  it('refuses a record that appears twice, and batches of a wrong size', () => {
    expect(() => prepare(insert({}), patch({}))).toThrow(/once in a batch/)
    expect(() => prepare()).toThrow(/1 to 1,000/)
    const many = Array.from({ length: 3 }, (_, index) => ({ do: 'delete', entity: 'sample', id: `d${index}` }) as const)
    expect(() => prepareBatch(definitions, many, 2)).toThrow(/1 to 2/)
    expect(prepareBatch(definitions, many, 3)).toEqual(many)
    expect(() => prepareBatch(definitions, {} as Write[])).toThrow(/list/)
  })

  it('drops absent values, keeps null in a patch, and brings instants into canonical form', () => {
    const prepared = prepare(insert({ name: undefined, size: null, at: '2026-03-01T11:00:00+01:00', open: false }), {
      do: 'patch',
      entity: 'sample',
      id: 'b',
      set: { name: null, size: undefined, dueAt: new Date(0) },
      touch: false,
    })
    expect(prepared).toEqual([
      { do: 'insert', entity: 'sample', row: { id: 'a', stage: 'new', at, open: false } },
      { do: 'patch', entity: 'sample', id: 'b', set: { name: null, dueAt: '1970-01-01T00:00:00.000Z' }, touch: false },
    ])
    expect(Object.keys((prepared[0] as Extract<Write, { do: 'insert' }>).row)).toEqual(['id', 'stage', 'at', 'open'])
  })

  it('accepts 512 characters in an index, any length elsewhere, and json as it is', () => {
    const custom = { list: [1, null, { deep: true }], text: '\u{1f600}', gone: undefined }
    const [write] = prepare(insert({ name: '\u{1f600}'.repeat(512), custom }))
    expect(write).toMatchObject({ row: { custom: { list: [1, null, { deep: true }], text: '\u{1f600}' } } })
  })
})
