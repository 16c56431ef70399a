import { describe, expect, test } from 'vitest'
import { CrmError } from '../kernel/crm-error.js'
import type { Row } from '../storage/row.js'
import { commit } from './commit.js'
import type { EntityChange } from './entity-change.js'
import { createRecordService } from './record-service.js'
import { failureOf, member, noteEntity, type OpenedSession, openSession } from './session-context.fixture.js'

const created = (id: string, more: Readonly<Record<string, unknown>> = {}): EntityChange => ({
  kind: 'create',
  entity: 'note',
  id,
  values: { title: 'a', status: 'draft', urgent: false, links: [], visibility: 'public', ...more },
})

const rowOf = async ({ context }: OpenedSession, id: string, entity = 'note'): Promise<Row | undefined> =>
  (await context.storage.getMany(entity, [id]))[0]

const journalOf = async ({ context }: OpenedSession): Promise<Row[]> =>
  (await context.storage.find({ entity: 'journal', order: ['id'], limit: 1_000 })).rows

describe('a commit', () => {
  test('writes one batch, whatever it changes', async () => {
    const opened = await openSession()
    await commit(opened.context, [
      created('n1'),
      created('n2'),
      { kind: 'project', entity: 'label', id: 'l1', values: { word: 'Été' } },
      { kind: 'derive', entity: 'note', id: 'n2', add: { readCount: 1 } },
      { kind: 'require', entity: 'note', id: 'n3', is: 'absent' },
    ])
    expect(opened.batches).toHaveLength(1)
    expect(await journalOf(opened)).toHaveLength(2)
    expect(await rowOf(opened, 'l1', 'label')).toMatchObject({ word: 'Été', wordFolded: 'ete', uniqueKey: 'Été' })
  })

  test('leaves nothing behind when one of its writes fails', async () => {
    const opened = await openSession()
    await commit(opened.context, [created('n1', { code: 'x' })])
    const error = await failureOf(
      commit(opened.context, [
        created('n2'),
        { kind: 'project', entity: 'label', id: 'l1', values: { word: 'w' } },
        created('n3', { code: 'x' }),
      ]),
    )
    expect(error).toMatchObject({ code: 'conflict', details: { field: 'code', remedy: 'choose another code' } })
    expect(await rowOf(opened, 'n2')).toBeUndefined()
    expect(await rowOf(opened, 'l1', 'label')).toBeUndefined()
    expect(await journalOf(opened)).toHaveLength(1)
  })

  test('publishes nothing when it fails, and after the batch when it succeeds', async () => {
    const opened = await openSession()
    const heard: string[] = []
    opened.context.hub.on('*', (event) => heard.push(event.type))
    opened.disturb.before = () => {
      expect(heard).toEqual([])
      throw new CrmError('storage_failed', 'disk full', { retriable: false })
    }
    await failureOf(commit(opened.context, [created('n1')]))
    expect(heard).toEqual([])
    delete opened.disturb.before
    await commit(opened.context, [created('n1')])
    expect(heard).toEqual(['note.created'])
  })

  test('journals who, when, why and what, and hands out the same as events', async () => {
    const opened = await openSession()
    const context = { ...opened.context, actor: { ...member, teamIds: ['t1'], companyId: 'k' }, cause: 'request 7' }
    await commit(context, [
      { ...created('n1', { body: 'personal' }), events: [{ type: 'note.opened', data: { n: 1 } }] } as EntityChange,
    ])
    const [entry] = await journalOf(opened)
    expect(entry).toMatchObject({
      entity: 'note',
      recordId: 'n1',
      recordVersion: 1,
      change: 'created',
      actor: member,
      actorId: 'u_1',
      cause: 'request 7',
      at: '2026-03-01T10:00:00.000Z',
    })
    const row = await rowOf(opened, 'n1')
    expect(row).toMatchObject({ version: 1, createdBy: member, updatedBy: member, journalHash: entry?.hash })
    const { events } = await commit(context, [
      { kind: 'update', entity: 'note', before: row as Row, values: { body: 'other', title: 'a' } },
    ])
    expect(events).toMatchObject([
      {
        type: 'note.updated',
        tenantId: 'acme',
        entity: 'note',
        recordId: 'n1',
        version: 2,
        actor: member,
        data: { fields: ['body'] },
      },
    ])
    expect(JSON.stringify(events)).not.toContain('personal')
  })

  test('that changes nothing writes nothing and still gives the record', async () => {
    const opened = await openSession()
    const notes = createRecordService(opened.context, noteEntity)
    const note = await notes.create({ title: 'a', tags: ['x'] })
    const before = opened.batches.length
    expect(await notes.update(note.id, { title: 'a', tags: ['x'], body: null })).toEqual(note)
    expect(opened.batches).toHaveLength(before)
  })

  test('refuses a stale row', async () => {
    const opened = await openSession()
    await commit(opened.context, [created('n1')])
    const stale = (await rowOf(opened, 'n1')) as Row
    await commit(opened.context, [{ kind: 'update', entity: 'note', before: stale, values: { title: 'b' } }])
    const error = await failureOf(
      commit(opened.context, [{ kind: 'update', entity: 'note', before: stale, values: { body: 'c' } }]),
    )
    expect(error).toMatchObject({ code: 'conflict', details: { reason: 'version', actualVersion: 2 } })
  })

  test('of a record that is changed twice is a mistake of the planner', async () => {
    const { context } = await openSession()
    await expect(commit(context, [created('n1'), created('n1')])).rejects.toThrow(TypeError)
  })

  test('requires a record once, however often that is asked, and not when it is written anyway', async () => {
    const opened = await openSession()
    await commit(opened.context, [created('n1')])
    await commit(opened.context, [
      { kind: 'require', entity: 'note', id: 'n1', is: 'present' },
      { kind: 'require', entity: 'note', id: 'n1', is: 'present' },
      { kind: 'derive', entity: 'note', id: 'n1', add: { readCount: 1 } },
    ])
    expect(opened.batches.at(-1)).toHaveLength(1)
    const missing = await failureOf(
      commit(opened.context, [created('n2'), { kind: 'require', entity: 'note', id: 'n9', is: 'present' }]),
    )
    expect(missing.code).toBe('conflict')
    expect(await rowOf(opened, 'n2')).toBeUndefined()
  })
})

describe('derived fields', () => {
  test('leave version, time and journal as they are', async () => {
    const opened = await openSession()
    await commit(opened.context, [created('n1')])
    const before = (await rowOf(opened, 'n1')) as Row
    opened.clock.advance(60_000)
    await commit(opened.context, [
      { kind: 'derive', entity: 'note', id: 'n1', set: { summary: 'Größe', 'scores.rank': 3 } },
    ])
    const after = (await rowOf(opened, 'n1')) as Row
    expect(after).toEqual({ ...before, summary: 'Größe', summaryFolded: 'grosse', 'scores.rank': 3 })
    expect(await journalOf(opened)).toHaveLength(1)
  })

  test('conflict with nobody: an editor who read before keeps the right to write', async () => {
    const opened = await openSession()
    await commit(opened.context, [created('n1')])
    const read = (await rowOf(opened, 'n1')) as Row
    await commit(opened.context, [{ kind: 'derive', entity: 'note', id: 'n1', add: { readCount: 1 } }])
    await commit(opened.context, [{ kind: 'update', entity: 'note', before: read, values: { title: 'b' } }])
    expect(await rowOf(opened, 'n1')).toMatchObject({ title: 'b', readCount: 1, version: 2 })
  })

  test('of one record add up, alone, with its creation and with its change', async () => {
    const opened = await openSession()
    const reads: EntityChange[] = [
      {
        kind: 'derive',
        entity: 'note',
        id: 'n1',
        add: { readCount: 2 },
        max: { lastReadAt: '2026-03-02T00:00:00.000Z' },
      },
      {
        kind: 'derive',
        entity: 'note',
        id: 'n1',
        add: { readCount: 3 },
        max: { lastReadAt: '2026-03-01T00:00:00.000Z' },
        min: { firstReadAt: '2026-03-01T00:00:00.000Z' },
        set: { summary: 's' },
      },
    ]
    const first = await commit(opened.context, [created('n1'), ...reads])
    const times = { lastReadAt: '2026-03-02T00:00:00.000Z', firstReadAt: '2026-03-01T00:00:00.000Z', summary: 's' }
    expect(first.row('note', 'n1')).toMatchObject({ readCount: 5, ...times })
    expect(await rowOf(opened, 'n1')).toEqual(first.row('note', 'n1'))

    await commit(opened.context, reads)
    expect(await rowOf(opened, 'n1')).toMatchObject({ readCount: 10, version: 1, ...times })

    const before = (await rowOf(opened, 'n1')) as Row
    const changed = await commit(opened.context, [
      { kind: 'update', entity: 'note', before, values: { title: 'b' } },
      ...reads,
    ])
    expect(await rowOf(opened, 'n1')).toEqual(changed.row('note', 'n1'))
    expect(changed.row('note', 'n1')).toMatchObject({ readCount: 15, title: 'b', version: 2 })
    expect(opened.batches).toHaveLength(3)
  })

  test('ride along with a change that changes nothing, and clear with null', async () => {
    const opened = await openSession()
    await commit(opened.context, [created('n1'), { kind: 'derive', entity: 'note', id: 'n1', set: { summary: 's' } }])
    const before = (await rowOf(opened, 'n1')) as Row
    const done = await commit(opened.context, [
      { kind: 'update', entity: 'note', before, values: { title: 'a' } },
      { kind: 'derive', entity: 'note', id: 'n1', set: { summary: null }, add: { readCount: 1 } },
    ])
    const after = await rowOf(opened, 'n1')
    expect(after).toMatchObject({ version: 1, readCount: 1 })
    expect(after).not.toHaveProperty('summary')
    expect(after).not.toHaveProperty('summaryFolded')
    expect(done.row('note', 'n1')).toEqual(after)
  })
})

describe('after an unknown outcome', () => {
  const lost = new CrmError('storage_failed', 'connection lost', { reason: 'unknown_outcome', retriable: false })

  test('a command whose batch is there has succeeded, and its events are out', async () => {
    const opened = await openSession()
    const heard: string[] = []
    opened.context.hub.on('*', (event) => heard.push(event.type))
    opened.disturb.after = () => {
      throw lost
    }
    const done = await commit(opened.context, [created('n1')])
    expect(done.row('note', 'n1').title).toBe('a')
    expect(heard).toEqual(['note.created'])
  })

  test('a command whose batch is not there may be tried again', async () => {
    const opened = await openSession()
    opened.disturb.before = () => {
      throw lost
    }
    const error = await failureOf(commit(opened.context, [created('n1')]))
    expect(error).toMatchObject({ code: 'storage_failed', details: { reason: 'not_written', retriable: true } })
  })

  test('a command stays in doubt when the storage cannot be asked', async () => {
    const opened = await openSession()
    opened.disturb.after = () => {
      throw lost
    }
    opened.disturb.read = () => {
      throw new CrmError('storage_failed', 'still no connection', { retriable: true })
    }
    const error = await failureOf(commit(opened.context, [created('n1')]))
    expect(error.details).toMatchObject({ reason: 'unknown_outcome', retriable: false })
  })
})

describe('soft delete', () => {
  test('frees the natural key; restoring takes it back, or conflicts when it is taken', async () => {
    const opened = await openSession()
    const notes = createRecordService(opened.context, noteEntity)
    const first = await notes.create({ title: 'a', code: 'x' })
    expect((await failureOf(notes.create({ title: 'b', code: 'x' }))).code).toBe('conflict')
    await notes.delete(first.id)
    expect((await failureOf(notes.get(first.id))).code).toBe('not_found')
    expect(await notes.get(first.id, { includeDeleted: true })).toMatchObject({ code: 'x', version: 2 })

    const second = await notes.create({ title: 'b', code: 'x' })
    const taken = await failureOf(notes.restore(first.id))
    expect(taken).toMatchObject({ code: 'conflict', details: { reason: 'unique', field: 'code' } })
    await notes.delete(second.id)
    const back = await notes.restore(first.id)
    expect(back).toMatchObject({ title: 'a', version: 3 })
    expect(back.deletedAt).toBeUndefined()
    expect((await failureOf(notes.create({ title: 'c', code: 'x' }))).code).toBe('conflict')
    expect(await notes.verifyHistory(first.id)).toEqual({ intact: true, entries: 3 })
  })

  test('hides from lists and counts, unless asked for', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a' })
    await notes.create({ title: 'b' })
    await notes.delete(id)
    expect((await notes.find()).items.map(({ title }) => title)).toEqual(['b'])
    expect(await notes.count()).toBe(1)
    expect(await notes.count({ includeDeleted: true })).toBe(2)
  })

  test('of a stale version conflicts, of a deleted or unknown record is not_found, and restoring a live one changes nothing', async () => {
    const { context } = await openSession()
    const notes = createRecordService(context, noteEntity)
    const { id } = await notes.create({ title: 'a' })
    await notes.update(id, { title: 'b' })
    expect(await failureOf(notes.delete(id, { ifVersion: 1 }))).toMatchObject({
      code: 'conflict',
      details: { actualVersion: 2 },
    })
    expect((await notes.restore(id)).version).toBe(2)
    await notes.delete(id, { ifVersion: 2 })
    expect((await failureOf(notes.delete(id))).code).toBe('not_found')
    expect((await failureOf(notes.delete('nobody'))).code).toBe('not_found')
  })
})
