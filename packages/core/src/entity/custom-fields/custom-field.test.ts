import { describe, expect, test } from 'vitest'
import { createRecordService } from '../record-service.js'
import { failureOf, noRuns, noteEntity, openSession } from '../session-context.fixture.js'
import { createCustomFieldService } from './custom-field-service.js'

async function opened() {
  const session = await openSession()
  const { context } = session
  return {
    ...session,
    notes: createRecordService(context, noteEntity),
    fields: createCustomFieldService(context, noRuns),
  }
}

describe('custom values', () => {
  test.each([
    ['text', ['x', ''], [5, 'a\u0000', 'x'.repeat(10_001), {}]],
    ['number', [0, -1.5, 2 ** 53 - 1], ['1', Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, true]],
    ['boolean', [true, false], ['true', 0]],
    ['date', ['2024-02-29'], ['2023-02-29', '2024-02-29T00:00:00Z', 20240229]],
    ['select', ['s', 'm'], ['xl', ['s'], 0]],
    ['multiSelect', [[], ['s'], ['s', 'm']], ['s', ['s', 'xl'], [0]]],
    [
      'url',
      ['https://example.com/a?b'],
      ['javascript:alert(1)', 'example.com', 'ftp://x.y', `https://x.y/${'a'.repeat(2_000)}`],
    ],
  ] as const)('of type %s are checked', async (type, good, bad) => {
    const { notes, fields } = await opened()
    const options = type === 'select' || type === 'multiSelect' ? { options: ['s', 'm'] } : {}
    await fields.register({ object: 'note', key: 'size', type, label: 'Size', ...options })
    for (const size of good) {
      const value = typeof size === 'object' ? [...size] : size
      expect((await notes.create({ title: 'a', custom: { size: value } })).custom).toEqual({ size: value })
    }
    for (const size of bad)
      expect(
        await failureOf(notes.create({ title: 'a', custom: { size: size as never } })),
        String(size),
      ).toMatchObject({
        code: 'validation_failed',
        details: { field: 'custom.size' },
      })
  })

  test('of unknown fields are refused, of several wrong ones each is named', async () => {
    const { notes, fields } = await opened()
    await fields.register({ object: 'note', key: 'size', type: 'number', label: 'Size' })
    const error = await failureOf(notes.create({ title: 'a', custom: { size: 'x', colour: 'red', constructor: 'y' } }))
    expect(error.details.issues?.map(({ path }) => path)).toEqual([
      'custom.size',
      'custom.colour',
      'custom.constructor',
    ])
  })

  test('stay as they are when others change, and go with null, one or all', async () => {
    const { notes, fields } = await opened()
    for (const key of ['size', 'weight']) await fields.register({ object: 'note', key, type: 'number', label: key })
    const { id } = await notes.create({ title: 'a', custom: { size: 1, weight: 2 } })
    expect((await notes.update(id, { custom: { size: 3 } })).custom).toEqual({ size: 3, weight: 2 })
    expect((await notes.update(id, { custom: { weight: null } })).custom).toEqual({ size: 3 })
    expect((await notes.update(id, { custom: null })).custom).toEqual({})
  })

  test('that are required must be given, and cannot be cleared', async () => {
    const { notes, fields } = await opened()
    await fields.register({ object: 'note', key: 'size', type: 'number', label: 'Size', required: true })
    const incomplete: readonly (Record<string, null> | undefined)[] = [undefined, {}, { size: null }]
    for (const custom of incomplete)
      expect(await failureOf(notes.create({ title: 'a', ...(custom && { custom }) }))).toMatchObject({
        details: { field: 'custom.size' },
      })
    const { id } = await notes.create({ title: 'a', custom: { size: 1 } })
    for (const custom of [{ size: null }, null])
      expect(await failureOf(notes.update(id, { custom }))).toMatchObject({ details: { field: 'custom.size' } })
    expect((await notes.update(id, { title: 'b' })).custom).toEqual({ size: 1 })
  })

  test('that are required do not lock out a visitor who may not set them', async () => {
    const { as, fields } = await opened()
    await fields.register({ object: 'note', key: 'size', type: 'number', label: 'Size', required: true })
    const visitor = as({ type: 'contact', id: 'c1' }, [{ key: 'portal', rights: { note: { create: 'contact' } } }])
    const note = await createRecordService(visitor, noteEntity).create({ title: 'a', contactId: 'c1' })
    expect(note.title).toBe('a')
  })

  test('of a field that was removed can still be cleared, not set', async () => {
    const { notes, fields } = await opened()
    const field = await fields.register({ object: 'note', key: 'size', type: 'number', label: 'Size' })
    const { id } = await notes.create({ title: 'a', custom: { size: 1 } })
    await fields.delete(field.id)
    expect((await failureOf(notes.update(id, { custom: { size: 2 } }))).code).toBe('validation_failed')
    expect((await notes.update(id, { custom: { size: null } })).custom).toEqual({})
  })

  test('of a field called constructor or toString are values like any other', async () => {
    const { notes, fields } = await opened()
    for (const key of ['constructor', 'toString'])
      await fields.register({ object: 'note', key, type: 'text', label: key })
    const plain = await notes.create({ title: 'a' })
    expect(await notes.verifyHistory(plain.id)).toMatchObject({ intact: true })
    const note = await notes.create({ title: 'a', custom: { constructor: 'Gehry' } })
    expect(note.custom).toEqual({ constructor: 'Gehry' })
    expect((await notes.find({ where: { 'custom.constructor': 'Gehry' } })).items.map(({ id }) => id)).toEqual([
      note.id,
    ])
  })

  test('can be filtered by equality; a range or an order is unsupported, an unregistered one is refused', async () => {
    const { notes, fields } = await opened()
    await fields.register({ object: 'note', key: 'size', type: 'number', label: 'Size' })
    const big = await notes.create({ title: 'a', custom: { size: 9 } })
    await notes.create({ title: 'b', custom: { size: 1 } })
    expect((await notes.find({ where: { 'custom.size': 9 } })).items.map(({ id }) => id)).toEqual([big.id])
    for (const query of [{ where: { 'custom.size': { gt: 1 } } }, { orderBy: ['custom.size'] }])
      expect(await failureOf(notes.find(query))).toMatchObject({
        code: 'unsupported',
        details: { remedy: expect.stringContaining('promote') },
      })
    for (const query of [{ where: { 'custom.nope': 1 } }, { orderBy: ['custom.nope'] }, { where: { 'custom.': 1 } }])
      expect((await failureOf(notes.find(query))).code).toBe('validation_failed')
  })
})

describe('registering', () => {
  test('refuses unknown entities, projections, keys that are no names, choices without options, and a key twice', async () => {
    const { fields } = await opened()
    const base = { object: 'note', key: 'size', type: 'text', label: 'Size' } as const
    const refused = async (change: object): Promise<string | undefined> =>
      (await failureOf(fields.register({ ...base, ...change }))).details.field
    expect(await refused({ object: 'unicorn' })).toBe('object')
    expect(await refused({ object: 'label' })).toBe('object')
    for (const key of ['Size', 'a b', 'a.b', '__proto__', '', '1a']) expect(await refused({ key }), key).toBe('key')
    expect(await refused({ type: 'select' })).toBe('options')
    expect(await refused({ type: 'multiSelect', options: [] })).toBe('options')
    await fields.register(base)
    expect(await failureOf(fields.register(base))).toMatchObject({ code: 'conflict', details: { field: 'key' } })
    await fields.register({ ...base, object: 'remark' })
  })

  test('more than a thousand fields are all known', async () => {
    const { context, notes, fields } = await opened()
    const template = await fields.register({ object: 'note', key: 'k', type: 'text', label: 'K' })
    const [row] = await context.storage.getMany('customField', [template.id])
    await context.storage.write(
      Array.from({ length: 1_200 }, (_, index) => ({
        do: 'insert' as const,
        entity: 'customField',
        row: { ...row, id: `f${index}`, key: `k${index}`, uniqueKey: `note.k${index}` },
      })),
    )
    context.customFields.forget('acme')
    const note = await notes.create({ title: 'a', custom: { k: 'x', k0: 'x', k999: 'x' } })
    expect(Object.keys(note.custom)).toHaveLength(3)
  })
})

test('what a tenant registered is read once in half a minute, and at once after a change here', async () => {
  const { context, clock, fields, notes } = await opened()
  await notes.create({ title: 'a' })
  const row = { ...(await fields.register({ object: 'note', key: 'size', type: 'text', label: 'Size' })) }
  expect((await notes.create({ title: 'a', custom: { size: 'x' } })).custom).toEqual({ size: 'x' })
  const [stored] = await context.storage.getMany('customField', [row.id])
  // Another process registers a field.
  await context.storage.write([
    { do: 'insert', entity: 'customField', row: { ...stored, id: 'other', key: 'other', uniqueKey: 'note.other' } },
  ])
  const early = await failureOf(notes.create({ title: 'a', custom: { other: 'x' } }))
  expect(early.details.field).toBe('custom.other')
  clock.advance(30_000)
  expect((await notes.create({ title: 'a', custom: { other: 'x' } })).custom).toEqual({ other: 'x' })
})
