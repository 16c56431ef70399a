import type { Aggregate, StorageSession } from '@rapport/core/storage'
import { describe, expect, it, vi } from 'vitest'
import { freshName, insertMany, openStorage } from './opened-storage.fixture.js'
import { insert, tenantId, ticket } from './ticket.fixture.js'

const counters = [{ entity: ticket.name, by: ['status', 'priority'] }]
const rows = { fn: 'count' } as const
const live = { op: 'isNull', path: 'deletedAt' } as const

const question = (more: Partial<Aggregate>): Aggregate => ({ entity: ticket.name, compute: { rows }, ...more })

/** Every kind of question that the counter can answer. */
const answered: readonly Aggregate[] = [
  question({}),
  question({ by: ['status'] }),
  question({ by: ['priority', 'status'] }),
  question({ by: ['status'], where: live }),
  question({ by: ['status'], where: { op: 'not', arg: live } }),
  question({ where: { op: 'and', args: [live, { op: 'in', path: 'status', values: ['open', 'closed'] }] } }),
  question({ by: ['priority'], where: { op: 'ne', path: 'status', value: 'open' }, limit: 2 }),
  question({ by: ['status'], compute: { rows, prioritised: { fn: 'count', path: 'priority' } } }),
]

/** Answers, and whether a row was looked at for them. */
async function ask(session: StorageSession, aggregate: Aggregate): Promise<{ groups: unknown; readRows: boolean }> {
  const spies = [vi.spyOn(IDBIndex.prototype, 'getAll'), vi.spyOn(IDBObjectStore.prototype, 'getAll')]
  const groups = await session.aggregate?.(aggregate)
  const readRows = spies.some(({ mock }) =>
    mock.contexts.some((source) => (source as { name: string }).name !== 'counters'),
  )
  for (const spy of spies) spy.mockRestore()
  return { groups, readRows }
}

/** Work of every kind: each must keep the counts. */
async function work(session: StorageSession): Promise<void> {
  const entity = ticket.name
  await session.write([
    insert('a', { priority: 'high' }),
    insert('b', { priority: 'low' }),
    insert('c'),
    insert('d', { status: 'closed' }),
    insert('e', { status: 'closed', deletedAt: '2026-03-01T00:00:00.000Z' }),
  ])
  await session.write([
    { do: 'patch', entity, id: 'a', set: { status: 'waiting' } },
    { do: 'patch', entity, id: 'b', set: { priority: null }, touch: false },
    { do: 'patch', entity, id: 'c', set: { subject: 'no matter' } },
    { do: 'delete', entity, id: 'd' },
    { do: 'upsert', entity, row: { id: 'f', status: 'new' } },
  ])
  await session.write([
    { do: 'upsert', entity, row: { id: 'f', status: 'open', priority: 'high' } },
    { do: 'patch', entity, id: 'c', set: { deletedAt: '2026-03-02T00:00:00.000Z' } },
  ])
  await session.write([insert('g'), { do: 'delete', entity, id: 'nobody' }]).catch(() => {})
  await session.load?.(
    entity,
    [
      [
        { id: 'a', status: 'open' },
        { id: 'h', status: 'open' },
      ],
    ],
    { onExisting: 'skip' },
  )
  await session.load?.(entity, [[{ id: 'h', status: 'closed' }]], { onExisting: 'replace' })
}

describe('maintained counters', () => {
  it('answer as the rows do, without reading one', async () => {
    const counting = (await openStorage({ name: freshName(), counters })).session({ tenantId })
    const reading = (await openStorage({ name: freshName() })).session({ tenantId })
    await work(counting)
    await work(reading)
    for (const aggregate of answered) {
      const expected = await ask(reading, aggregate)
      expect(expected.readRows).toBe(true)
      expect(await ask(counting, aggregate)).toEqual({ groups: expected.groups, readRows: false })
    }
  })

  it('leave to the rows what they cannot answer', async () => {
    const session = (await openStorage({ name: freshName(), counters })).session({ tenantId })
    await work(session)
    const unanswered: readonly Aggregate[] = [
      question({ by: ['subject'] }),
      question({ where: { op: 'eq', path: 'subject', value: 'no matter' } }),
      question({ where: { op: 'gt', path: 'deletedAt', value: '2026-03-01T12:00:00.000Z' } }),
      question({ by: ['deletedAt'] }),
      question({ by: [{ path: 'at', bucket: 'day' }] }),
      question({ compute: { sum: { fn: 'sum', path: 'number' } } }),
    ]
    for (const aggregate of unanswered) expect(await ask(session, aggregate)).toMatchObject({ readRows: true })
    expect(await session.aggregate?.(unanswered[2]!)).toEqual([{ keys: [], values: { rows: 1 } }])
  })

  it('count each tenant apart, and nothing twice while many write', async () => {
    const storage = await openStorage({ name: freshName(), counters })
    const [ours, theirs] = [storage.session({ tenantId }), storage.session({ tenantId: 'other' })]
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? theirs : ours).write([insert(`t${index}`)])),
    )
    expect(await ours.aggregate?.(question({ by: ['status'] }))).toEqual([{ keys: ['open'], values: { rows: 20 } }])
    expect(await theirs.aggregate?.(question({ by: ['status'] }))).toEqual([{ keys: ['open'], values: { rows: 10 } }])
  })

  it('added later count the rows that are there, while others write', async () => {
    const name = freshName()
    const before = (await openStorage({ name })).session({ tenantId })
    await insertMany(before, 1_200)
    const storage = openStorage({ name, counters })
    const meanwhile = Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        before.write([
          insert(`a${index}`, { status: 'closed' }),
          { do: 'patch', entity: ticket.name, id: `t${String(index * 60).padStart(6, '0')}`, set: { status: 'late' } },
          { do: 'delete', entity: ticket.name, id: `t${String(index * 60 + 1).padStart(6, '0')}` },
        ]),
      ),
    )
    const session = (await storage).session({ tenantId })
    await meanwhile
    const { groups, readRows } = await ask(session, question({ by: ['status'] }))
    expect(readRows).toBe(false)
    // Of 1,200 by threes, 20 open ones became late and 20 waiting ones went; 20 closed ones came.
    expect(groups).toEqual([
      { keys: ['closed'], values: { rows: 420 } },
      { keys: ['late'], values: { rows: 20 } },
      { keys: ['open'], values: { rows: 380 } },
      { keys: ['waiting'], values: { rows: 380 } },
    ])
  })

  it('are refused by fields that hold no single value', async () => {
    for (const path of ['tags', 'nowhere']) {
      const opening = openStorage({ name: freshName(), counters: [{ entity: ticket.name, by: [path] }] })
      await expect(opening).rejects.toMatchObject({ code: 'validation_failed', details: { field: path } })
    }
  })
})
