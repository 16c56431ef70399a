import type { Change, StorageSession } from '@rapport/core/storage'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { freshName, openStorage } from './opened-storage.fixture.js'
import type { TabCall } from './second-tab.fixture.js'
import { insert, tenantId, ticket } from './ticket.fixture.js'

/** A worker that has the same database open, by a copy of the adapter of its own. */
function secondTab(): (call: TabCall) => Promise<unknown> {
  const worker = new Worker(new URL('./second-tab.fixture.ts', import.meta.url), { type: 'module' })
  onTestFinished(() => worker.terminate())
  return (call) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ value?: unknown; error?: string }>) =>
        data.error === undefined ? resolve(data.value) : reject(new Error(data.error))
      worker.onerror = (event) => reject(new Error(event.message))
      worker.postMessage(call)
    })
}

const counters = [{ entity: ticket.name, by: ['status'] }]

const counted = async (session: StorageSession): Promise<unknown> => {
  const groups = await session.aggregate?.({ entity: ticket.name, by: ['status'], compute: { rows: { fn: 'count' } } })
  return groups?.map(({ keys, values }) => [...keys, values.rows])
}

/** Follows the feed from hint to hint, as an application does, until it has seen enough. */
function follow(session: StorageSession, enough: (seen: readonly Change[]) => boolean): Promise<Change[]> {
  return new Promise((resolve, reject) => {
    const seen: Change[] = []
    let reading = Promise.resolve()
    const readOn = async (): Promise<void> => {
      if (enough(seen)) return
      seen.push(...((await session.changes?.(seen.at(-1)?.position, 100)) ?? []))
      if (!enough(seen)) return
      stop?.()
      resolve(seen)
    }
    const read = (): void => {
      reading = reading.then(readOn).catch(reject)
    }
    const stop = session.watch?.(read)
    read()
  })
}

describe('two connections in one page', () => {
  it('see each other’s changes by hint and feed', async () => {
    const name = freshName()
    const first = (await openStorage({ name })).session({ tenantId })
    const second = (await openStorage({ name })).session({ tenantId })
    const seen = follow(first, (changes) => changes.some(({ kind }) => kind === 'delete'))
    await second.write([insert('a'), insert('b')])
    await second.write([{ do: 'delete', entity: ticket.name, id: 'a' }])
    const last = new Map((await seen).map(({ id, kind }) => [id, kind]))
    expect(Object.fromEntries(last)).toEqual({ a: 'delete', b: 'put' })
  })

  it('wake watchers of the same tenant alone', async () => {
    const name = freshName()
    const first = await openStorage({ name })
    const second = await openStorage({ name })
    const [wake, others] = [vi.fn(), vi.fn()]
    first.session({ tenantId }).watch?.(wake)
    first.session({ tenantId: 'other' }).watch?.(others)
    await second.session({ tenantId }).write([insert('a')])
    await expect.poll(() => wake.mock.calls.length).toBeGreaterThan(0)
    expect(others).not.toHaveBeenCalled()
  })

  it('of which one knows fewer indexes keep the new index complete', async () => {
    const name = freshName()
    const [numbered, ...fewer] = ticket.indexes
    const older = (await openStorage({ name }, [{ ...ticket, indexes: fewer }])).session({ tenantId })
    await older.write([insert('a', { number: 1 })])
    const newer = (await openStorage({ name }, [ticket])).session({ tenantId })
    await older.write([insert('b', { number: 3 }), { do: 'patch', entity: ticket.name, id: 'a', set: { number: 2 } }])
    const where = { op: 'gte', path: numbered?.on[0] ?? '', value: 2 } as const
    const { rows } = await newer.find({ entity: ticket.name, where, order: ['number', 'id'], limit: 10 })
    expect(rows.map(({ id, number }) => [id, number])).toEqual([
      ['a', 2],
      ['b', 3],
    ])
  })

  it('of which one knows fewer fields keep the values of the others', async () => {
    const name = freshName()
    const { subject: _, ...fields } = ticket.fields
    const newer = (await openStorage({ name })).session({ tenantId })
    await newer.write([insert('a', { subject: 'Parcel' })])
    const older = (await openStorage({ name }, [{ ...ticket, fields }])).session({ tenantId })
    await older.write([{ do: 'patch', entity: ticket.name, id: 'a', set: { status: 'closed' } }])
    expect(await newer.getMany(ticket.name, ['a'])).toMatchObject([{ subject: 'Parcel', status: 'closed', version: 2 }])
  })
})

describe('another agent on the same origin', () => {
  it('is followed by hint and feed, and what both write adds up', async () => {
    const name = freshName()
    const here = (await openStorage({ name, counters })).session({ tenantId })
    const there = secondTab()
    await there({ do: 'open', name })
    await here.write([insert('shared', { number: 0 })])
    const seen = follow(here, (changes) => new Set(changes.map(({ id }) => id)).size === 11)
    const add = async (): Promise<void> => {
      for (let time = 0; time < 15; time++) {
        await here.write([{ do: 'patch', entity: ticket.name, id: 'shared', add: { number: 1 } }])
      }
    }
    const inserting = secondTab()
    await inserting({ do: 'open', name })
    await Promise.all([
      add(),
      there({ do: 'add', id: 'shared', times: 15 }),
      inserting({ do: 'insert', from: 0, total: 10 }),
    ])
    expect(await here.getMany(ticket.name, ['shared'])).toMatchObject([{ number: 30, version: 31 }])
    expect(await counted(here)).toEqual([['open', 11]])
    const positions = (await seen).map(({ position }) => Number(position))
    expect(positions).toEqual(positions.toSorted((left, right) => left - right))
    await Promise.all([there({ do: 'close' }), inserting({ do: 'close' })])
  })

  it('cannot take a unique value that this one has, nor the other way round', async () => {
    const name = freshName()
    const here = (await openStorage({ name, counters })).session({ tenantId })
    const there = secondTab()
    await there({ do: 'open', name })
    const ours = Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => here.write([insert(`first${index}`, { reference: `r${index}` })])),
    )
    const theirs = await there({ do: 'insert', from: 0, total: 20, reference: 'r' })
    const won = (await ours).filter(({ status }) => status === 'fulfilled').length
    expect(won + Number(theirs)).toBe(20)
    const { rows } = await here.find({ entity: ticket.name, order: ['reference'], limit: 100 })
    expect(new Set(rows.map(({ reference }) => reference)).size).toBe(20)
    expect(rows).toHaveLength(20)
    await there({ do: 'close' })
  })
})
