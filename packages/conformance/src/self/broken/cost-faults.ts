import type { Row, Write, WriteResult } from '@rapport/core/storage'
import { countedStorage } from '../counted-storage.js'
import type { RiggedFault } from './fault.js'

const costs = (what: string): string => `costs: ${what} takes no more requests than with ten`

/** Faults of adapters that ask their backend too often. */
export const costFaults: readonly RiggedFault[] = [
  {
    title: 'asks for every row alone',
    rig: () =>
      countedStorage((inner) => ({
        async getMany(entity, ids, options) {
          const rows = await Promise.all(ids.map((id) => inner.getMany(entity, [id], options)))
          return rows.flat()
        },
      })),
    caughtBy: [costs('getMany of 1,000 rows')],
  },
  {
    title: 'reads a row before each write',
    rig: () =>
      countedStorage((inner) => ({
        async write(batch, options) {
          for (const write of batch) {
            if (write.do === 'patch' || write.do === 'delete') await inner.getMany(write.entity, [write.id])
          }
          return inner.write(batch, options)
        },
      })),
    caughtBy: [costs('a batch of 1,000 versioned patches'), costs('a batch of 1,000 that fails at its last write')],
  },
  {
    title: 'sends a batch in pieces of a hundred',
    rig: () =>
      countedStorage((inner) => ({
        async write(batch, options) {
          const results: WriteResult[] = []
          const pieces: Write[][] = []
          for (let start = 0; start < batch.length; start += 100) pieces.push(batch.slice(start, start + 100))
          for (const piece of pieces) results.push(...(await inner.write(piece, options)))
          return results
        },
      })),
    caughtBy: [costs('a batch of 1,000 inserts'), costs('a batch of 1,000 upserts')],
  },
  {
    title: 'pages from the beginning to the place asked for',
    rig: () =>
      countedStorage((inner) => ({
        async find(query) {
          if (!query.after) return inner.find(query)
          const { after, ...first } = query
          let place: readonly (string | number | boolean | null)[] | undefined
          for (;;) {
            const page = await inner.find({ ...first, limit: 50, ...(place && { after: place }) })
            const last: Row | undefined = page.rows.at(-1)
            if (page.done || !last || Number(last.score) >= Number(after[0])) return inner.find(query)
            place = [Number(last.score), last.id]
          }
        },
      })),
    caughtBy: [costs('a page behind 900 rows')],
  },
  {
    title: 'fetches the rows to count them',
    rig: () =>
      countedStorage((inner) => ({
        async aggregate(question) {
          for (let place = 0, done = false; !done; place += 100) {
            const page = await inner.find({
              entity: question.entity,
              order: ['score', 'id'],
              after: [place, ''],
              limit: 100,
            })
            done = page.done
          }
          return inner.aggregate!(question)
        },
      })),
    caughtBy: [costs('an aggregate over 1,000 rows')],
  },
  {
    title: 'counts the requests of another adapter',
    rig: () => ({ ...countedStorage(), counter: () => 0 }),
    caughtBy: ['costs: the counter counts: a write is a request'],
  },
]
