import { assert, assertEqual } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { queryOf, readPage } from './reading.js'
import { indexedOrder } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

/** Reads are bounded: nothing returns more than was asked for. */
export const limitsSuite: DefineSuite = (define) => {
  define('find returns no more rows than its limit, from 1 to 1,000', async ({ session }) => {
    await insertRows(
      session,
      specimen,
      Array.from({ length: 1_050 }, (_, index) => specimenRow(idAt(index), { score: index })),
    )
    for (const limit of [1, 2, 999, 1_000]) {
      const page = await session.find(queryOf(specimen, { limit }))
      assert(page.rows.length <= limit, `find returned ${page.rows.length} rows where the limit is ${limit}`)
      assertEqual(page.done, false, `done of the first ${limit} of 1,050 rows`)
    }
  })

  define(
    'a page of a narrow filter holds the first rows that pass',
    async ({ session }) => {
      await insertRows(
        session,
        specimen,
        Array.from({ length: 60 }, (_, index) => specimenRow(idAt(index), { score: index, active: index % 20 === 19 })),
      )
      const where = { op: 'eq', path: 'active', value: true } as const
      const page = await readPage(session, specimen, queryOf(specimen, { where, order: ['-score'], limit: 2 }))
      if (page.done || page.rows.length === 2) {
        assertEqual(
          page.rows.map((row) => row.score),
          [59, 39],
          'scores of the first two rows that pass',
        )
      }
    },
    indexedOrder,
  )

  define(
    'find returns the fields asked for, the id, the version and the order paths',
    async ({ session }) => {
      await insertRows(session, specimen, [
        specimenRow(idAt(1), { name: 'Ada', score: 3, tags: ['x'], 'scores.clv.value': 1.5, custom: { a: 1 } }),
        specimenRow(idAt(2), { score: 4 }),
      ])
      const fields = ['name', 'scores.clv.value', 'tags']
      const page = await session.find({ ...queryOf(specimen, { order: ['score'] }), fields })
      const asked = page.rows.map((row) => ({
        id: row.id,
        version: row.version,
        score: row.score,
        ...Object.fromEntries(fields.filter((field) => field in row).map((field) => [field, row[field]])),
      }))
      assertEqual(
        asked,
        [
          { id: idAt(1), version: 1, score: 3, name: 'Ada', tags: ['x'], 'scores.clv.value': 1.5 },
          { id: idAt(2), version: 1, score: 4 },
        ],
        'rows with the fields asked for',
      )
    },
    indexedOrder,
  )

  define('getMany keeps the order of the ids, the holes and the repetitions', async ({ session }) => {
    await insertRows(
      session,
      specimen,
      [1, 2, 3].map((n) => specimenRow(idAt(n), { score: n })),
    )
    const rows = await session.getMany(specimen.name, [3, 9, 1, 3, 2].map(idAt))
    assertEqual(
      rows.map((row) => row?.score),
      [3, undefined, 1, 3, 2],
      'scores in order of the ids asked for',
    )
    assertEqual(await session.getMany(specimen.name, []), [], 'getMany of no ids')
  })

  define('getMany takes 1,000 ids', async ({ session }) => {
    const ids = Array.from({ length: 1_000 }, (_, index) => idAt(index))
    await insertRows(
      session,
      specimen,
      ids.filter((_, index) => index % 3 === 0).map((id) => specimenRow(id)),
    )
    const rows = await session.getMany(specimen.name, ids)
    assertEqual(
      rows.map((row) => row?.id),
      ids.map((id, index) => (index % 3 === 0 ? id : undefined)),
      'ids found',
    )
  })
}
