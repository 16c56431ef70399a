import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCrmError } from '../kernel/crm-error.js'
import { decodeCursor, encodeCursor, listMark } from './cursor.js'
import { findRecords } from './record-reader.js'
import { createRecordService } from './record-service.js'
import { failureOf, type Note, noteEntity, openSession } from './session-context.fixture.js'

const mark = listMark('note', { op: 'and', args: [] }, ['title', 'id'])

describe('a cursor', () => {
  test('gives back the order values it was made of', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    )
    fc.assert(
      fc.property(fc.array(scalar, { maxLength: 5 }), (values) => {
        const cursor = encodeCursor(mark, values)
        expect(decodeCursor(cursor, mark)).toEqual(JSON.parse(JSON.stringify(values)))
        expect(cursor).toMatch(/^[\w-]+$/)
      }),
    )
  })

  test('is refused by another entity, filter or order', async () => {
    const cursor = encodeCursor(mark, ['a', 'id'])
    for (const other of [
      listMark('order', { op: 'and', args: [] }, ['title', 'id']),
      listMark('note', { op: 'eq', path: 'title', value: 'x' }, ['title', 'id']),
      listMark('note', { op: 'and', args: [] }, ['-title', 'id']),
    ])
      expect(isCrmError(await failureOf(() => decodeCursor(cursor, other)), 'validation_failed')).toBe(true)
  })

  test('of garbage is refused, naming the cursor', () => {
    const garbage = fc.oneof(
      fc.string(),
      fc.string().map((text) => btoa(encodeURIComponent(text))),
      fc.json().map((text) => btoa(unescape(encodeURIComponent(text)))),
      fc.anything(),
    )
    fc.assert(
      fc.property(garbage, (cursor) => {
        try {
          decodeCursor(cursor, mark)
        } catch (error) {
          if (!isCrmError(error, 'validation_failed') || error.details.field !== 'cursor') throw error
          return
        }
        throw new Error('garbage was taken for a cursor')
      }),
      { numRuns: 1_000 },
    )
  })

  test('with values that do not fit the order is refused by the list', async () => {
    const { context } = await openSession()
    await createRecordService(context, noteEntity).create({ title: 'a' })
    const where = { op: 'isNull', path: 'deletedAt' } as const
    const right = listMark('note', where, ['title', 'id'])
    for (const values of [[], ['a'], [1, 'x'], ['a', null], ['a', 'b', 'c'], [{}, []], ['\u0000', 'x']]) {
      const cursor = encodeCursor(right, values as string[])
      const error = await failureOf(findRecords(context, noteEntity, { orderBy: ['title', 'id'], cursor }))
      expect(error.code, JSON.stringify(values)).toBe('validation_failed')
    }
  })
})

test('pages follow each other without gap or repetition while others insert', async () => {
  const { context } = await openSession()
  const notes = createRecordService(context, noteEntity)
  for (let index = 0; index < 25; index++) await notes.create({ title: `m${String(index).padStart(2, '0')}` })
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await notes.find({ orderBy: ['title'], limit: 4, ...(cursor !== undefined && { cursor }) })
    seen.push(...page.items.map((note: Note) => note.title))
    await notes.create({ title: `a-before-${seen.length}` })
    cursor = page.cursor
  } while (cursor !== undefined)
  expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `m${String(index).padStart(2, '0')}`))
})

test('a list refuses an order it cannot follow', async () => {
  const { context } = await openSession()
  const refused = async (orderBy: unknown): Promise<string> =>
    (await failureOf(findRecords(context, noteEntity, { orderBy: orderBy as string[] }))).code
  for (const orderBy of [
    'title',
    [5],
    [''],
    ['-'],
    ['nope'],
    ['titleFolded'],
    ['uniqueKey'],
    ['title', 'title'],
    ['tags'],
    ['links'],
  ])
    expect(await refused(orderBy), JSON.stringify(orderBy)).toBe('validation_failed')
  expect(await refused([`${'a.'.repeat(300_000)}b`])).toBe('validation_failed')
  expect(await refused(Array.from({ length: 100_000 }, () => 'title'))).toBe('validation_failed')
  for (const limit of [0, -1, 1.5, 1_001, Number.NaN, '5' as never])
    expect((await failureOf(findRecords(context, noteEntity, { limit }))).code).toBe('validation_failed')
})
