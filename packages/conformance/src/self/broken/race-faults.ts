import {
  type Change,
  type Query,
  type Row,
  type RowPage,
  type StorageSession,
  versionConflict,
  type Write,
  type WriteResult,
  writtenId,
} from '@rapport/core/storage'
import { pause } from '../../storage/writing.js'
import type { Fault } from './fault.js'
import { delegate, wrappedStorage } from './wrapped-storage.js'

type WriteOnce = (inner: StorageSession, batch: readonly Write[]) => Promise<WriteResult[]>

const writingBy = (write: WriteOnce) => (): ReturnType<typeof wrappedStorage> =>
  wrappedStorage({
    session: (inner) => ({
      write: (batch, options) => (options?.signal ? inner.write(batch, options) : write(inner, batch)),
    }),
  })

/** Compares versions, waits, and writes without them: two writers can both find theirs. */
const comparingFirst: WriteOnce = async (inner, batch) => {
  for (const [index, write] of batch.entries()) {
    if ((write.do !== 'patch' && write.do !== 'delete') || write.ifVersion === undefined) continue
    const [row] = await inner.getMany(write.entity, [write.id])
    if (row && row.version !== write.ifVersion) throw versionConflict(write.entity, write.id, index, row.version)
    await pause(0)
  }
  return inner.write(batch.map(unversioned))
}

/** Trusts that the first row of a batch decides for all. */
const comparingOne: WriteOnce = (inner, [first, ...rest]) =>
  inner.write([...(first ? [first] : []), ...rest.map(unversioned)])

function unversioned(write: Write): Write {
  if (write.do !== 'patch' && write.do !== 'delete') return write
  const { ifVersion, ...rest } = write
  return rest
}

/** Reads what is greatest so far, waits, and sets the result. */
const comparingExtremes: WriteOnce = async (inner, batch) => {
  const [write] = batch
  if (batch.length !== 1 || write?.do !== 'patch' || !write.max || write.ifVersion !== undefined)
    return inner.write(batch)
  const [row] = await inner.getMany(write.entity, [write.id])
  await pause(0)
  const { max, ...rest } = write
  const entries = Object.entries(max).map(([path, value]) => [path, greater(row?.[path], value)])
  const values = Object.fromEntries(entries)
  const [result] = await inner.write([{ ...rest, set: { ...write.set, ...values } }])
  return result ? [{ ...result, values: { ...result.values, ...values } }] : []
}

function greater(held: unknown, given: string | number | boolean): unknown {
  return (typeof held === 'number' || typeof held === 'string') && held > given ? held : given
}

/** Looks the row of the cursor up to go on behind it, and believes that all is seen when it is gone. */
async function findBehindRow(inner: StorageSession, query: Query): Promise<RowPage> {
  const id = query.after?.at(-1)
  if (typeof id !== 'string') return inner.find(query)
  const [row] = await inner.getMany(query.entity, [id])
  return row ? inner.find(query) : { rows: [], done: true }
}

/** Reads a list once and hands out pages of it, as a server-side cursor does. */
function createListKeeper(): (inner: StorageSession, query: Query) => Promise<RowPage> {
  const lists = new WeakMap<StorageSession, Map<string, Row[]>>()
  return async (inner, query) => {
    const { after, limit, ...list } = query
    const kept = lists.get(inner) ?? new Map<string, Row[]>()
    lists.set(inner, kept)
    const name = JSON.stringify([list.where, list.order])
    if (!after) kept.set(name, (await inner.find({ ...list, limit: 1_000 })).rows)
    const rows = kept.get(name) ?? []
    const place = rows.findIndex((row) => row.id === after?.at(-1))
    if (rows.length === 1_000 || (after && place < 0)) return inner.find(query)
    return { rows: rows.slice(place + 1, place + 1 + limit), done: place + 1 + limit >= rows.length }
  }
}

/** Numbers changes when they are written; those of a transaction show when it commits, behind a poller's back. */
function createFeedByWriting(): (original: StorageSession, tenantId: string) => StorageSession {
  const feeds = new Map<string, Change[]>()
  let sequence = 0
  const writeInto =
    (feed: Change[], to: StorageSession): StorageSession['write'] =>
    async (batch, options) => {
      const results = await to.write(batch, options)
      for (const [index, write] of batch.entries()) {
        if (write.do === 'check') continue
        feed.push({
          position: String(++sequence).padStart(12, '0'),
          entity: write.entity,
          id: writtenId(write),
          kind: write.do === 'delete' ? 'delete' : 'put',
          version: results[index]?.version ?? 0,
        })
      }
      return results
    }
  return (original, tenantId) => {
    const feed = feeds.get(tenantId) ?? []
    feeds.set(tenantId, feed)
    const { load, ...methods } = delegate(original)
    return {
      ...methods,
      write: writeInto(feed, original),
      async transaction(work, options) {
        const own: Change[] = []
        const value = await original.transaction!((bare) => {
          const inner: StorageSession = { ...delegate(bare), write: writeInto(own, bare) }
          return work({ ...inner, load: undefined, transaction: (innerWork) => innerWork(inner) })
        }, options)
        feed.push(...own)
        return value
      },
      async changes(after = '', limit, options) {
        await original.changes!(undefined, 1, options)
        const behind = feed.filter((change) => change.position > after)
        return behind.sort((left, right) => (left.position < right.position ? -1 : 1)).slice(0, limit)
      },
    }
  }
}

const edge = 'cursors: at the edge of a page rows with the same key come and go, ordered by'

/** Faults that show when others write at the same time. */
export const raceFaults: readonly Fault[] = [
  {
    title: 'compares versions before it writes',
    create: writingBy(comparingFirst),
    caughtBy: [
      'versions: of writers who expect the same version exactly one wins each round',
      'versions: of patches and deletes at the same version exactly one wins',
    ],
  },
  {
    title: 'compares the version of the first row of a batch alone',
    create: writingBy(comparingOne),
    caughtBy: ['versions: of batches that each share a row with every other one exactly one wins, whole'],
  },
  {
    title: 'keeps the greatest value by reading first',
    create: writingBy(comparingExtremes),
    caughtBy: ['versions: the extremes of all concurrent writers are kept'],
  },
  {
    title: 'ends a list where the row of the cursor is gone',
    create: () => wrappedStorage({ session: (inner) => ({ find: (query) => findBehindRow(inner, query) }) }),
    caughtBy: [
      `${edge} score`,
      `${edge} -stage, at`,
      'cursors: a page starts behind its place, whether or not a row stands there',
    ],
  },
  {
    title: 'hands out pages of a list it read once',
    create: () => {
      const findKept = createListKeeper()
      return wrappedStorage({ session: (inner) => ({ find: (query) => findKept(inner, query) }) })
    },
    caughtBy: [`${edge} score`, `${edge} -score`],
  },
  {
    title: 'numbers changes before their transaction commits',
    create: () => {
      const feed = createFeedByWriting()
      return wrappedStorage({
        capabilities: { load: false },
        adapter: (inner) => ({ session: (scope) => feed(inner.session(scope), scope.tenantId) }),
      })
    },
    caughtBy: ['changes: a row that commits late appears behind the place a poller has reached meanwhile'],
  },
  {
    title: 'takes a transaction inside another for a part of it',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          transaction: (work, options) =>
            inner.transaction!(async (bare) => {
              const flat: StorageSession = { ...bare, transaction: (innerWork) => innerWork(flat) }
              return work(flat)
            }, options),
        }),
      }),
    caughtBy: ['transactions: a transaction inside another undoes its own part alone when it throws'],
  },
]
