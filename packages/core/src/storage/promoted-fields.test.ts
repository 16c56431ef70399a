import { describe, expect, it } from 'vitest'
import { orderValues } from './compare-rows.js'
import { definitionsOf, withPromotedFields } from './definitions.js'
import type { EntityDef } from './entity-def.js'
import { prepareAggregate } from './prepare-aggregate.js'
import { prepareBatch } from './prepare-batch.js'
import { prepareFilter } from './prepare-filter.js'
import { prepareQuery } from './prepare-query.js'

const contact: EntityDef = {
  name: 'contact',
  fields: { name: { type: 'text' }, custom: { type: 'json' } },
  indexes: [],
}
const promoted = withPromotedFields(
  [contact],
  [
    { entity: 'contact', field: 'custom.seats', type: 'float' },
    { entity: 'contact', field: 'custom.region', type: 'text' },
  ],
)
const def = promoted[0]!
const definitions = definitionsOf(promoted)

describe('a promoted place inside a JSON field', () => {
  it('is compared by range, searched, ordered and computed over as its type', () => {
    const range = { op: 'gte', path: 'custom.seats', value: 3 } as const
    expect(prepareFilter(def, range)).toEqual(range)
    const prefix = { op: 'prefix', path: 'custom.region', value: 'no' } as const
    expect(prepareFilter(def, prefix)).toEqual(prefix)
    expect(
      prepareQuery(definitions, { entity: 'contact', order: ['-custom.seats'], after: [4, 'id'], limit: 5 }),
    ).toMatchObject({ order: ['-custom.seats', '-id'], after: [4, 'id'] })
    const total = { entity: 'contact', compute: { seats: { fn: 'sum', path: 'custom.seats' } } } as const
    expect(prepareAggregate(definitions, total)).toEqual(total)
  })

  it('refuses a range of another type, and keeps equality with any scalar', () => {
    expect(() => prepareFilter(def, { op: 'lt', path: 'custom.seats', value: 'ten' })).toThrow(/custom.seats/)
    expect(() => prepareFilter(def, { op: 'contains', path: 'custom.seats', value: '1' })).toThrow(/custom.seats/)
    const equal = { op: 'eq', path: 'custom.seats', value: 'ten' } as const
    expect(prepareFilter(def, equal)).toEqual(equal)
  })

  it('counts a value of another type as missing in a cursor', () => {
    const row = { id: 'a', version: 1, custom: { seats: 'many', region: ['north'] } }
    const after = orderValues(def, row, ['custom.seats', 'custom.region', 'id'])
    expect(after).toEqual(['many', null, 'a'])
    const query = { entity: 'contact', order: ['custom.seats', 'custom.region', 'id'], after, limit: 5 } as const
    expect(prepareQuery(definitions, query).after).toEqual([null, null, 'a'])
  })

  it('is never written by itself', () => {
    const patch = { do: 'patch', entity: 'contact', id: 'a', set: { 'custom.seats': 3 } } as const
    expect(() => prepareBatch(definitions, [patch])).toThrow(/lies inside custom/)
  })

  it('must lie inside a JSON field of an entity that is declared', () => {
    for (const [entity, field] of [
      ['nobody', 'custom.seats'],
      ['contact', 'name'],
      ['contact', 'custom'],
      ['contact', 'custom.'],
    ] as const) {
      expect(() => withPromotedFields([contact], [{ entity, field, type: 'text' }])).toThrow(TypeError)
    }
  })
})

it('a place that is not promoted is refused with the remedy', () => {
  const range = { op: 'gte', path: 'custom.level', value: 3 }
  expect(() => prepareFilter(def, range)).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      details: expect.objectContaining({ field: 'custom.level', remedy: expect.stringContaining('promote') }),
    }),
  )
})
