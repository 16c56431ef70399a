import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCrmError } from '../kernel/crm-error.js'
import { namedPaths, parseNew, parsePatch } from './input.js'
import { failureOf, noteEntity } from './session-context.fixture.js'

const issuesOf = async (work: () => unknown): Promise<string[]> => {
  const error = await failureOf(work)
  if (!isCrmError(error, 'validation_failed')) throw error
  return (error.details.issues ?? []).map(({ path }) => path)
}

describe('parseNew', () => {
  test('flattens nested input to stored paths, fills defaults and makes moments canonical', () => {
    expect(
      parseNew(noteEntity, {
        title: 'Call Ada',
        price: { amountMinor: 100, currency: 'EUR' },
        dueAt: '2026-03-01T10:00:00+01:00',
        tags: ['vip'],
      }),
    ).toEqual({
      title: 'Call Ada',
      status: 'draft',
      urgent: false,
      visibility: 'public',
      links: [],
      'price.amountMinor': 100,
      'price.currency': 'EUR',
      dueAt: '2026-03-01T09:00:00.000Z',
      tags: ['vip'],
    })
  })

  test('names every wrong field at once, by its dotted path', async () => {
    const wrong = {
      title: '',
      body: 7,
      status: 'open',
      urgent: 'yes',
      price: { amountMinor: -0.5, currency: 'EURO' },
      place: { street: 'x', zip: '1' },
      links: [{ url: 'a' }, { url: 5 }],
      dueAt: '2026-02-30',
      tags: 'vip',
      ownerId: '',
      nickname: 'Ada',
    }
    const paths = await issuesOf(() => parseNew(noteEntity, wrong))
    expect([...new Set(paths)].sort()).toEqual(
      [
        'body',
        'dueAt',
        'links.1.url',
        'nickname',
        'ownerId',
        'place.city',
        'place.zip',
        'price.amountMinor',
        'price.currency',
        'status',
        'tags',
        'title',
        'urgent',
      ].sort(),
    )
  })

  test('names what is missing', async () => {
    expect(await issuesOf(() => parseNew(noteEntity, {}))).toEqual(['title'])
  })

  test('refuses what callers do not set: the id, derived and internal fields', async () => {
    for (const field of [
      'id',
      'version',
      'createdAt',
      'deletedAt',
      'readCount',
      'titleFolded',
      'uniqueKey',
      'tenantId',
    ])
      expect(await issuesOf(() => parseNew(noteEntity, { title: 'x', [field]: 1 })), field).toEqual([field])
  })

  test('is not reached through the prototype', async () => {
    const hostile: unknown = JSON.parse('{"title":"x","__proto__":{"status":"done"},"constructor":1}')
    const paths = await issuesOf(() => parseNew(noteEntity, hostile))
    expect(paths).toContain('constructor')
  })

  test('never repeats a value', async () => {
    const secret = 'hunter2-very-secret'
    const error = await failureOf(() =>
      parseNew(noteEntity, { title: 5, status: secret, dueAt: secret, price: secret }),
    )
    expect(JSON.stringify(error)).not.toContain(secret)
    expect(error.message).not.toContain(secret)
  })

  test('counts text in code points, and refuses what cannot be stored', async () => {
    const title = '\u{1f600}'.repeat(100)
    expect(parseNew(noteEntity, { title }).title).toBe(title)
    for (const bad of [`${title}x`, 'a\u0000b', 'half \ud800'])
      expect(await issuesOf(() => parseNew(noteEntity, { title: bad }))).toContain('title')
  })

  test('takes or refuses whatever comes, with validation_failed alone', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ title: fc.anything(), price: fc.anything() })), (input) => {
        try {
          expect(parseNew(noteEntity, input).title).toEqual(expect.any(String))
        } catch (error) {
          if (!isCrmError(error, 'validation_failed')) throw error
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('parsePatch', () => {
  test('has no defaults: what is not named stays', () => {
    expect(parsePatch(noteEntity, {})).toEqual({})
    expect(parsePatch(noteEntity, { body: 'x', status: undefined })).toEqual({ body: 'x' })
  })

  test('clears what is optional with null, and refuses it for the rest', async () => {
    expect(parsePatch(noteEntity, { body: null, ownerId: null, price: null })).toEqual({
      body: null,
      ownerId: null,
      'price.amountMinor': null,
      'price.currency': null,
    })
    const paths = await issuesOf(() => parsePatch(noteEntity, { title: null, status: null, links: null }))
    expect(paths.sort()).toEqual(['links', 'status', 'title'])
  })

  test('replaces a nested object whole: what it leaves out is cleared', async () => {
    expect(parsePatch(noteEntity, { place: { city: 'Berlin' } })).toEqual({
      'place.city': 'Berlin',
      'place.street': null,
    })
    expect(await issuesOf(() => parsePatch(noteEntity, { price: { amountMinor: 5 } }))).toEqual(['price.currency'])
  })

  test('refuses what is set on creation only', async () => {
    expect(await issuesOf(() => parsePatch(noteEntity, { code: 'x' }))).toEqual(['code'])
    expect(await issuesOf(() => parsePatch(noteEntity, { code: null }))).toEqual(['code'])
  })

  test('refuses unknown and derived fields', async () => {
    expect((await issuesOf(() => parsePatch(noteEntity, { readCount: 1, nope: 1 }))).sort()).toEqual([
      'nope',
      'readCount',
    ])
  })
})

test('namedPaths names leaves, custom fields one by one, and nothing that is unknown or not given', () => {
  expect(
    namedPaths(noteEntity, {
      title: 'x',
      price: null,
      custom: { vip: true, size: 1 },
      ownerId: 'u_1',
      body: undefined,
      nope: 1,
    }),
  ).toEqual(['title', 'price.amountMinor', 'price.currency', 'custom.vip', 'custom.size', 'ownerId'])
  expect(namedPaths(noteEntity, { custom: null })).toEqual(['custom'])
})
