import { describe, expect, test } from 'vitest'
import type { Actor } from '../access/actor.js'
import type { EntityRights, Role } from '../access/role.js'
import { createCustomFieldService } from './custom-fields/custom-field-service.js'
import { readHistory } from './record-history.js'
import { aggregateRecords, findRecords } from './record-reader.js'
import { createRecordService } from './record-service.js'
import {
  failureOf,
  noRuns,
  noteEntity,
  type OpenedSession,
  openSession,
  remarkEntity,
} from './session-context.fixture.js'

const all: EntityRights = { create: 'yes', read: 'yes', update: 'yes', delete: 'yes' }
const role = (note: EntityRights, more: Readonly<Record<string, EntityRights>> = {}): Role => ({
  key: 'r',
  rights: { note, ...more },
})
const clerk: Actor = { type: 'user', id: 'u_2', teamIds: ['t1'] }
const visitor: Actor = { type: 'contact', id: 'c1' }

const notesOf = (opened: OpenedSession, actor: Actor, ...roles: Role[]) =>
  createRecordService(opened.as(actor, roles), noteEntity)

const visitorRights: EntityRights = { create: 'contact', read: 'contact', update: 'contact' }

describe('a hidden field', () => {
  const hiding = role({ ...all, hiddenFields: ['body', 'price', 'custom.salary'] })

  async function opened() {
    const session = await openSession()
    const fields = createCustomFieldService(session.context, noRuns)
    await fields.register({ object: 'note', key: 'salary', type: 'number', label: 'Salary' })
    await fields.register({ object: 'note', key: 'size', type: 'number', label: 'Size' })
    const note = await createRecordService(session.context, noteEntity).create({
      title: 'a',
      body: 'secret',
      price: { amountMinor: 5, currency: 'EUR' },
      custom: { salary: 7, size: 1 },
    })
    return { ...session, note, notes: notesOf(session, clerk, hiding) }
  }

  test('is missing from what is read, listed, created and changed', async () => {
    const { note, notes } = await opened()
    const seen = [
      await notes.get(note.id),
      (await notes.getMany([note.id]))[0],
      (await notes.find()).items[0],
      await notes.update(note.id, { title: 'b' }),
    ]
    for (const record of seen) {
      expect(record).not.toHaveProperty('body')
      expect(record).not.toHaveProperty('price')
      expect(record?.custom).toEqual({ size: 1 })
    }
  })

  test('is missing from the history', async () => {
    const { note, notes } = await opened()
    const { items } = await notes.history(note.id)
    const fields = items.flatMap(({ changes }) => changes.map(({ field }) => field))
    expect(fields).toContain('custom.size')
    for (const field of ['body', 'price.amountMinor', 'price.currency', 'custom.salary'])
      expect(fields).not.toContain(field)
    expect(JSON.stringify(items)).not.toContain('secret')
  })

  test('cannot be asked about by filter, order, group or sum: it would give itself away', async () => {
    const { notes, as } = await opened()
    const asked = [
      notes.find({ where: { body: 'secret' } }),
      notes.find({ where: { not: { or: [{ 'price.amountMinor': { gt: 1 } }] } } }),
      notes.find({ where: { op: 'isNull', path: 'body' } }),
      notes.find({ where: { 'custom.salary': 7 } }),
      notes.find({ orderBy: ['price.amountMinor'] }),
      notes.count({ where: { body: { prefix: 's' } } }),
      // Members of the plain filter that its operator does not use hide nothing.
      notes.find({ where: { op: 'eq', path: 'body', value: 'secret', args: [] } as never }),
      notes.find({
        where: { and: [{ op: 'eq', path: 'body', value: 'secret', arg: { op: 'isNull', path: 'dueAt' } }] } as never,
      }),
    ]
    const context = as(clerk, [hiding])
    const summed = [
      aggregateRecords(context, noteEntity, { by: ['body'], compute: { n: { fn: 'count' } } }),
      aggregateRecords(context, noteEntity, { compute: { n: { fn: 'sum', path: 'price.amountMinor' } } }),
      aggregateRecords(context, noteEntity, { by: [{ path: 'custom.salary', bucket: 'day' }], compute: {} }),
    ]
    for (const work of [...asked, ...summed])
      expect((await failureOf(work as Promise<unknown>)).code).toBe('access_denied')
  })

  test('cannot be written, neither whole nor in part', async () => {
    const { note, notes } = await opened()
    for (const patch of [{ body: 'x' }, { price: null }, { custom: { salary: 9 } }])
      expect(await failureOf(notes.update(note.id, patch)), JSON.stringify(patch)).toMatchObject({
        code: 'access_denied',
      })
    expect((await failureOf(notes.create({ title: 'b', body: 'x' }))).code).toBe('access_denied')
    expect((await notes.update(note.id, { custom: { size: 2 } })).custom).toEqual({ size: 2 })
  })
})

test('read-only fields stay as they are, base and nested ones too', async () => {
  const opened = await openSession()
  const { id } = await createRecordService(opened.context, noteEntity).create({
    title: 'a',
    price: { amountMinor: 1, currency: 'EUR' },
  })
  const notes = notesOf(
    opened,
    clerk,
    role({ ...all, readOnlyFields: ['ownerId', 'tags', 'price.amountMinor', 'custom'] }),
  )
  for (const patch of [
    { ownerId: 'u_9' },
    { tags: ['x'] },
    { price: { amountMinor: 2, currency: 'EUR' } },
    { custom: {} },
  ])
    expect((await failureOf(notes.update(id, patch))).code, JSON.stringify(patch)).toBe('access_denied')
  expect(await notes.update(id, { title: 'b' })).toMatchObject({ title: 'b', price: { amountMinor: 1 } })
})

describe('a visitor', () => {
  test('sets only what the entity lets visitors set: no owner, team, tag or custom field', async () => {
    const opened = await openSession()
    const notes = notesOf(opened, visitor, role(visitorRights))
    const { id } = await notes.create({ title: 'a', contactId: 'c1' })
    for (const more of [
      { ownerId: 'u_1' },
      { teamIds: ['t'] },
      { tags: ['vip'] },
      { custom: { x: 1 } },
      { status: 'done' as const },
    ]) {
      expect((await failureOf(notes.create({ title: 'a', contactId: 'c1', ...more }))).code).toBe('access_denied')
      expect((await failureOf(notes.update(id, more))).code).toBe('access_denied')
    }
  })

  test('sees only listed fields of records about them that are meant for visitors', async () => {
    const opened = await openSession()
    await createCustomFieldService(opened.context, noRuns).register({
      object: 'note',
      key: 'shown',
      type: 'text',
      label: 'S',
    })
    await createCustomFieldService(opened.context, noRuns).register({
      object: 'note',
      key: 'kept',
      type: 'text',
      label: 'K',
    })
    const staff = createRecordService(opened.context, noteEntity)
    const custom = { shown: 'x', kept: 'y' }
    const mine = await staff.create({ title: 'mine', contactId: 'c1', body: 'internal remark', ownerId: 'u_1', custom })
    const internal = await staff.create({ title: 'internal', contactId: 'c1', visibility: 'internal' })
    const foreign = await staff.create({ title: 'foreign', contactId: 'c2' })
    const notes = notesOf(opened, visitor, role(visitorRights))
    const { items } = await notes.find()
    expect(items).toHaveLength(1)
    expect(Object.keys(items[0] as object).sort()).toEqual(
      ['contactId', 'createdAt', 'custom', 'id', 'title', 'updatedAt', 'version', 'visibility'].sort(),
    )
    expect(items[0]?.custom).toEqual({ shown: 'x' })
    for (const { id } of [internal, foreign]) {
      expect((await failureOf(notes.get(id))).code).toBe('not_found')
      expect((await failureOf(notes.update(id, { title: 'x' }))).code).toBe('not_found')
      expect((await failureOf(notes.history(id))).code).toBe('not_found')
    }
    expect(await notes.getMany([foreign.id, mine.id])).toMatchObject([undefined, { id: mine.id }])
    expect((await failureOf(notes.create({ title: 'x', contactId: 'c2' }))).code).toBe('access_denied')
    expect((await failureOf(notes.find({ where: { ownerId: 'u_1' } }))).code).toBe('access_denied')
  })
})

describe('levels', () => {
  test('an own-level member owns what they create, whatever kind of actor they are, and sees nothing else', async () => {
    const opened = await openSession()
    await createRecordService(opened.context, noteEntity).create({ title: 'theirs', ownerId: 'u_1' })
    for (const actor of [clerk, { type: 'agent', id: 'a_1' } as const]) {
      const notes = notesOf(opened, actor, role({ create: 'own', read: 'own', update: 'own', delete: 'own' }))
      const note = await notes.create({ title: 'mine' })
      expect(note.ownerId).toBe(actor.id)
      expect((await notes.find()).items.map(({ title }) => title)).toEqual(['mine'])
      expect(await notes.count()).toBe(1)
      expect((await failureOf(notes.create({ title: 'x', ownerId: 'u_1' }))).code).toBe('access_denied')
      await notes.delete(note.id)
    }
  })

  test('what may not be read is not_found, what may be read but not changed is access_denied', async () => {
    const opened = await openSession()
    const { id } = await createRecordService(opened.context, noteEntity).create({ title: 'a', ownerId: 'u_1' })
    const reader = notesOf(opened, clerk, role({ read: 'yes', update: 'own', delete: 'own' }))
    expect((await failureOf(reader.update(id, { title: 'b' }))).code).toBe('access_denied')
    expect((await failureOf(reader.delete(id))).code).toBe('access_denied')
    const stranger = notesOf(opened, clerk, role({ read: 'own', update: 'yes', delete: 'yes' }))
    expect((await failureOf(stranger.update(id, { title: 'b' }))).code).toBe('not_found')
    expect((await failureOf(stranger.delete(id))).code).toBe('not_found')
    const nobody = notesOf(opened, clerk)
    for (const work of [nobody.get(id), nobody.find(), nobody.count(), nobody.create({ title: 'x' })])
      expect((await failureOf(work as Promise<unknown>)).code).toBe('access_denied')
    expect(await createRecordService(opened.context, noteEntity).get(id)).toMatchObject({ title: 'a', version: 1 })
  })

  test('children are reached under a parent that may be read, and listed under one such parent', async () => {
    const opened = await openSession()
    const staff = createRecordService(opened.context, noteEntity)
    const mine = await staff.create({ title: 'mine', ownerId: 'u_2' })
    const theirs = await staff.create({ title: 'theirs', ownerId: 'u_1' })
    const staffRemarks = createRecordService(opened.context, remarkEntity)
    const underMine = await staffRemarks.create({ noteId: mine.id, body: 'r1' })
    const underTheirs = await staffRemarks.create({ noteId: theirs.id, body: 'r2' })
    const own: EntityRights = { create: 'own', read: 'own', update: 'own', delete: 'own' }
    const remarks = createRecordService(opened.as(clerk, [role(own, { remark: own })]), remarkEntity)

    expect((await remarks.get(underMine.id)).body).toBe('r1')
    expect((await failureOf(remarks.get(underTheirs.id))).code).toBe('not_found')
    expect(await remarks.getMany([underTheirs.id, underMine.id])).toMatchObject([undefined, { body: 'r1' }])
    expect((await remarks.find({ where: { noteId: mine.id } })).items.map(({ body }) => body)).toEqual(['r1'])
    expect((await remarks.find({ where: { and: [{ body: 'r9' }, { noteId: mine.id }] } })).items).toEqual([])
    for (const where of [
      undefined,
      { noteId: theirs.id },
      { or: [{ noteId: mine.id }, { noteId: theirs.id }] },
      { noteId: { in: [mine.id] } },
      { not: { noteId: mine.id } },
      { noteId: 'nobody' },
    ])
      expect((await failureOf(remarks.find({ ...(where && { where }) }))).code, JSON.stringify(where)).toBe(
        'access_denied',
      )
    expect((await failureOf(remarks.create({ noteId: theirs.id, body: 'x' }))).code).toBe('access_denied')
    expect((await remarks.create({ noteId: mine.id, body: 'x' })).body).toBe('x')
    const both = { and: [{ noteId: mine.id }, { noteId: theirs.id }] }
    expect((await remarks.find({ where: both })).items).toEqual([])
    expect((await findRecords(opened.context, remarkEntity)).items).toHaveLength(3)
  })
})

describe('history', () => {
  test('is newest first, page by page, with a cursor of its own', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'v1' })
    for (let version = 2; version <= 5; version++) await notes.update(id, { title: `v${version}` })
    const first = await notes.history(id, { limit: 2 })
    expect(first.items.map(({ version }) => version)).toEqual([5, 4])
    expect(first.items[0]).toMatchObject({
      change: 'updated',
      events: ['note.updated'],
      changes: [{ field: 'title', before: 'v4', after: 'v5' }],
    })
    const rest = await notes.history(id, { limit: 9, cursor: first.cursor as string })
    expect(rest.items.map(({ version }) => version)).toEqual([3, 2, 1])
    expect(rest.cursor).toBeUndefined()
    const other = await notes.create({ title: 'x' })
    expect((await failureOf(readHistory(context, noteEntity, other.id, { cursor: first.cursor as string }))).code).toBe(
      'validation_failed',
    )
    expect((await failureOf(notes.history('nobody'))).code).toBe('not_found')
  })
})

test('the history tells a member who changed what and why, a visitor only what concerns them', async () => {
  const opened = await openSession()
  const { id } = await createRecordService({ ...opened.context, cause: 'request 7' }, noteEntity).create({
    title: 'a',
    contactId: 'c1',
    body: 'internal remark',
  })
  const [told] = (await createRecordService(opened.context, noteEntity).history(id)).items
  expect(told).toMatchObject({ actor: { type: 'user', id: 'u_1' }, cause: 'request 7' })
  const [shown] = (await notesOf(opened, visitor, role(visitorRights)).history(id)).items
  expect(shown).not.toHaveProperty('actor')
  expect(shown).not.toHaveProperty('cause')
  expect(shown?.changes.map(({ field }) => field).sort()).toEqual(['contactId', 'title', 'visibility'])
})

test('each walks every page, ids keep their places, and ids that are none are refused', async () => {
  const { context } = await openSession()
  const notes = createRecordService(context, noteEntity)
  const made = []
  for (let index = 0; index < 7; index++) made.push(await notes.create({ title: `n${index}` }))
  const titles: string[] = []
  for await (const { title } of notes.each({ orderBy: ['title'], limit: 2 })) titles.push(title)
  expect(titles).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'])
  const [first, hole, second] = await notes.getMany([made[3]?.id as string, 'nobody', made[0]?.id as string])
  expect([first?.title, hole, second?.title]).toEqual(['n3', undefined, 'n0'])
  for (const id of ['', 5, null, undefined, {}, 'a\u0000', 'x'.repeat(513)])
    expect((await failureOf(notes.get(id as string))).code, String(id)).toBe('validation_failed')
})

test('aborted reads stop with `aborted`', async () => {
  const { context } = await openSession()
  const notes = createRecordService(context, noteEntity)
  const { id } = await notes.create({ title: 'a' })
  const signal = AbortSignal.abort()
  for (const work of [notes.get(id, { signal }), notes.find({ signal }), notes.count({ signal })])
    expect((await failureOf(work as Promise<unknown>)).code).toBe('aborted')
})
