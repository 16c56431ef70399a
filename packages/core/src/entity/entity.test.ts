import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { defineEntity, type EntitySpec, isInternalPath, readerOf, uniqueKeyOf } from './entity.js'
import { int, money, structured, text } from './field.js'
import { noteEntity } from './session-context.fixture.js'

const define = (spec: Partial<EntitySpec>) =>
  defineEntity({ name: 'thing', schema: z.strictObject({ name: text() }), access: { reach: 'tenant' }, ...spec })

describe('defineEntity', () => {
  test('stores nested fields under dotted paths, each with its type', () => {
    const { fields } = noteEntity.storage
    expect(fields['price.amountMinor']).toEqual({ type: 'int' })
    expect(fields['price.currency']).toEqual({ type: 'text' })
    expect(fields['scores.rank']).toEqual({ type: 'int' })
    expect(fields.links).toEqual({ type: 'json', required: true })
    expect(fields.price).toBeUndefined()
  })

  test('requires what has a default, not what is optional, nested in something optional, or derived', () => {
    const required = (path: string) => noteEntity.storage.fields[path]?.required === true
    expect(['title', 'status', 'urgent', 'createdAt'].map(required)).toEqual([true, true, true, true])
    expect(['body', 'place.city', 'readCount', 'deletedAt'].map(required)).toEqual([false, false, false, false])
    const inner = define({ schema: z.strictObject({ total: money() }) })
    expect(inner.storage.fields['total.currency']).toEqual({ type: 'text', required: true })
  })

  test('keeps a folded shadow and a natural key that nobody is shown', () => {
    expect(noteEntity.storage.fields.titleFolded).toEqual({ type: 'text' })
    expect(noteEntity.storage.indexes).toContainEqual({ name: 'natural_key', on: ['uniqueKey'], unique: true })
    for (const path of ['titleFolded', 'uniqueKey', 'journalHash']) expect(isInternalPath(noteEntity, path)).toBe(true)
    expect(isInternalPath(noteEntity, 'title')).toBe(false)
  })

  test('gives a projection no base fields but the time it was written', () => {
    const fields = Object.keys(define({ kind: 'projection' }).storage.fields)
    expect(fields.sort()).toEqual(['name', 'updatedAt'])
  })

  const nameSchema = z.strictObject({ name: text() })
  test.each<[string, Partial<EntitySpec>]>([
    ['a field that is a base field', { schema: z.strictObject({ ownerId: text() }) }],
    ['a field named id', { schema: z.strictObject({ id: text() }) }],
    ['a field named version', { derived: z.strictObject({ version: int() }) }],
    ['a field named uniqueKey', { schema: z.strictObject({ uniqueKey: text() }) }],
    ['a field name with a dot', { schema: z.strictObject({ 'a.b': text() }) }],
    ['an entity name with a blank', { name: 'my thing' }],
    ['a field that is both given and derived', { derived: z.strictObject({ name: int() }) }],
    [
      'a field below one that is stored whole',
      {
        schema: z.strictObject({ scores: structured(z.record(z.string(), z.unknown())) }),
        derived: z.strictObject({ scores: z.strictObject({ rank: int() }) }),
      },
    ],
    ['the shadow of another field', { schema: z.strictObject({ name: text({ folded: true }), nameFolded: text() }) }],
    ['a field not made by field.ts', { schema: z.strictObject({ name: z.string() }) }],
    ['an array not made by field.ts', { schema: z.strictObject({ names: z.array(text()) }) }],
    ['an index over an unknown path', { indexes: [{ name: 'x', on: ['nmae'] }] }],
    [
      'two indexes of one name',
      {
        indexes: [
          { name: 'x', on: ['name'] },
          { name: 'x', on: ['-name'] },
        ],
      },
    ],
    ['a live index of a projection', { kind: 'projection', indexes: [{ name: 'x', on: ['name'], live: true }] }],
    ['an unknown owner field', { access: { reach: 'owned', ownerField: 'assigneeId' } }],
    ['a projection owned by nobody', { kind: 'projection', access: { reach: 'owned' } }],
    ['a pool of records that nobody owns', { access: { reach: 'tenant' }, ownership: { pooled: true } }],
    ['a pool that does not know since when', { access: { reach: 'owned' }, ownership: { pooled: true } }],
    ['an unknown parent field', { access: { reach: { parent: 'contact', field: 'contactId' } } }],
    ['an unknown portal path', { access: { reach: 'tenant', portal: { contact: 'contactId', fields: [] } } }],
    ['an unknown portal field', { access: { reach: 'tenant', portal: { fields: ['names'] } } }],
    [
      'an unknown path for portal records only',
      { access: { reach: 'tenant', portal: { fields: [], only: { path: 'kind', value: 'x' } } } },
    ],
  ])('refuses %s', (_, spec) => {
    expect(() => define(spec)).toThrow(TypeError)
    expect(() => define({ schema: nameSchema })).not.toThrow()
  })
})

test('a deleted row has no unique key', () => {
  expect(uniqueKeyOf(noteEntity, { code: 'a' })).toBe('a')
  expect(uniqueKeyOf(noteEntity, { code: 'a', deletedAt: '2026-03-01T10:00:00.000Z' })).toBeUndefined()
  expect(uniqueKeyOf(noteEntity, {})).toBeUndefined()
})

test('a row is read by path, below json fields too, but never through its prototype', () => {
  const read = readerOf({ 'scores.rank': 3, createdBy: { id: 'u_1' }, tags: ['a'] })
  expect(read('scores.rank')).toBe(3)
  expect(read('createdBy.id')).toBe('u_1')
  for (const path of ['createdBy.name', 'constructor', 'createdBy.constructor.name', 'scores', '', '.'])
    expect(read(path), path).toBeUndefined()
})
