import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCrmError } from '../kernel/crm-error.js'
import { createCustomFieldService } from './custom-fields/custom-field-service.js'
import { createRecordService } from './record-service.js'
import { failureOf, type Note, noRuns, noteEntity, openSession } from './session-context.fixture.js'

describe('update with ifVersion', () => {
  test('keeps what somebody else changed in other fields', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a', body: 'b' })
    await notes.update(id, { title: 'theirs' }, { ifVersion: 1 })
    const merged = await notes.update(id, { body: 'mine' }, { ifVersion: 1 })
    expect(merged).toMatchObject({ title: 'theirs', body: 'mine', version: 3 })
  })

  test('conflicts over the same field, naming each and changing nothing', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a', body: 'b' })
    await notes.update(id, { title: 'theirs', body: 'theirs' })
    const error = await failureOf(notes.update(id, { title: 'mine', body: 'mine', urgent: true }, { ifVersion: 1 }))
    expect(error).toMatchObject({
      code: 'conflict',
      details: { entity: 'note', id, reason: 'field', actualVersion: 2, field: 'title' },
    })
    expect(error.details.issues?.map(({ path }) => path)).toEqual(['title', 'body'])
    expect(JSON.stringify(error)).not.toContain('theirs')
    expect(await notes.get(id)).toMatchObject({ urgent: false, version: 2 })
  })

  test('takes the same change made twice for no conflict', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a' })
    await notes.update(id, { title: 'b' })
    expect(await notes.update(id, { title: 'b' }, { ifVersion: 1 })).toMatchObject({ title: 'b', version: 2 })
  })

  test('merges different custom fields, and conflicts over the same one', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const fields = createCustomFieldService(context, noRuns)
    for (const key of ['size', 'weight']) await fields.register({ object: 'note', key, type: 'number', label: key })
    const { id } = await notes.create({ title: 'a', custom: { size: 1 } })
    await notes.update(id, { custom: { size: 2 } })
    const merged = await notes.update(id, { custom: { weight: 5 } }, { ifVersion: 1 })
    expect(merged.custom).toEqual({ size: 2, weight: 5 })
    const error = await failureOf(notes.update(id, { custom: { size: 3 } }, { ifVersion: 1 }))
    expect(error).toMatchObject({ code: 'conflict', details: { field: 'custom.size' } })
    const cleared = await failureOf(notes.update(id, { custom: { size: null } }, { ifVersion: 1 }))
    expect(cleared).toMatchObject({ code: 'conflict', details: { field: 'custom.size' } })
  })

  test('of a version that never was conflicts, and of no version at all is refused', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a' })
    expect((await failureOf(notes.update(id, { title: 'b' }, { ifVersion: 9 }))).code).toBe('conflict')
    for (const ifVersion of [0, -1, 1.5, Number.NaN, '1' as never])
      expect(await failureOf(notes.update(id, { title: 'b' }, { ifVersion }))).toMatchObject({
        code: 'validation_failed',
        details: { field: 'ifVersion' },
      })
  })

  test('is not held up by derived fields', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a' })
    await context.storage.write([{ do: 'patch', entity: 'note', id, add: { readCount: 1 }, touch: false }])
    expect((await notes.update(id, { title: 'b' }, { ifVersion: 1 })).version).toBe(2)
  })
})

describe('update with base', () => {
  test('compares with what the caller read, without asking the journal', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a', price: { amountMinor: 5, currency: 'EUR' } })
    const base = { ...(await notes.get(id)) }
    await notes.update(id, { price: { amountMinor: 6, currency: 'EUR' } })
    expect(await notes.update(id, { title: 'mine' }, { base })).toMatchObject({
      title: 'mine',
      price: { amountMinor: 6 },
    })
    const error = await failureOf(notes.update(id, { price: { amountMinor: 7, currency: 'EUR' } }, { base }))
    expect(error).toMatchObject({ code: 'conflict', details: { field: 'price.amountMinor' } })
  })

  test('takes lists and custom fields that are empty in the record for missing ones', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    await createCustomFieldService(context, noRuns).register({
      object: 'note',
      key: 'size',
      type: 'number',
      label: 'Size',
    })
    const base = await notes.create({ title: 'a' })
    expect(base).toMatchObject({ tags: [], teamIds: [], custom: {} })
    const patch = { tags: ['x'], teamIds: ['t1'], custom: { size: 1 } }
    expect(await notes.update(base.id, patch, { base: { ...base } })).toMatchObject(patch)
  })
})

test('two editors never lose a change: every update either lands whole or names a field both changed', async () => {
  const fields = ['title', 'body', 'urgent', 'status', 'tags'] as const
  const values = {
    title: fc.constantFrom('p', 'q'),
    body: fc.constantFrom('p', 'q', null),
    urgent: fc.boolean(),
    status: fc.constantFrom('draft' as const, 'done' as const),
    tags: fc.constantFrom<string[]>(['p'], ['q'], []),
  }
  const patch = fc.record(values, { requiredKeys: [] })
  await fc.assert(
    fc.asyncProperty(patch, patch, fc.boolean(), async (first, second, withBase) => {
      const { context } = await openSession()
      const notes = createRecordService(context, noteEntity)
      const base: Note = await notes.create({ title: 'a', body: 'a' })
      const theirs = await notes.update(base.id, first, { ifVersion: base.version })
      const same = (left: unknown, right: unknown) => JSON.stringify(left ?? null) === JSON.stringify(right ?? null)
      const disputed = fields.filter(
        (field) => field in second && !same(theirs[field], base[field]) && !same(second[field], theirs[field]),
      )
      const options = withBase ? { base: { ...base } } : { ifVersion: base.version }
      try {
        const merged = await notes.update(base.id, second, options)
        expect(disputed).toEqual([])
        for (const field of fields)
          expect(same(merged[field], field in second ? second[field] : theirs[field])).toBe(true)
      } catch (error) {
        if (!isCrmError(error, 'conflict')) throw error
        expect(error.details.issues?.map(({ path }) => path).sort()).toEqual([...disputed].sort())
        expect(await notes.get(base.id)).toEqual(theirs)
      }
    }),
    { numRuns: 150 },
  )
})

test('editors without ifVersion who write at once both land, field by field', async () => {
  const { context } = await openSession()
  const notes = createRecordService(context, noteEntity)
  const { id } = await notes.create({ title: 'a' })
  await Promise.all([
    notes.update(id, { title: 'b' }),
    notes.update(id, { body: 'c' }),
    notes.update(id, { urgent: true }),
  ])
  expect(await notes.get(id)).toMatchObject({ title: 'b', body: 'c', urgent: true, version: 4 })
  expect(await notes.verifyHistory(id)).toEqual({ intact: true, entries: 4 })
})
