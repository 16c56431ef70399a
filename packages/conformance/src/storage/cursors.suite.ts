import { compileOrder, type OrderTerm, type Row, type Scalar, type StorageSession } from '@rapport/core/storage'
import { assert, assertEqual } from '../assertion.js'
import type { SeededRandom } from '../seeded-random.js'
import type { DefineSuite } from './conformance-case.js'
import { randomRows } from './random-rows.js'
import { queryOf, readPage, totalOrder, walkPages } from './reading.js'
import { anyOrder, indexedOrder, type Requirement } from './requirement.js'
import { idAt, indexedOrders, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const freeOrders: readonly (readonly OrderTerm[])[] = [
  ['-rank', 'name'],
  ['active', '-score', 'at'],
  ['-ratio', '-stage'],
  ['scores.clv.value', '-rank'],
]

async function expectWalksEqualWhole(
  session: StorageSession,
  random: SeededRandom,
  orders: readonly (readonly OrderTerm[])[],
): Promise<void> {
  const rows = randomRows(random, 60)
  await insertRows(session, specimen, rows)
  for (const order of orders) {
    const query = queryOf(specimen, { order })
    const expected = rows
      .map((row): Row => ({ ...row, version: 1 }))
      .sort(compileOrder(specimen, query.order))
      .map((row) => row.id)
    for (const limit of [1, 2, 7, 60]) {
      const walked = await walkPages(session, specimen, { ...query, limit })
      assertEqual(
        walked.map((row) => row.id),
        expected,
        `ids walked by ${limit} in the order ${order.join(', ')}`,
      )
    }
  }
}

/** Paging by the values of the last row seen. */
export const cursorsSuite: DefineSuite = (define, rounds) => {
  const walks: readonly (readonly [string, readonly (readonly OrderTerm[])[], Requirement])[] = [
    ['that an index serves', indexedOrders, indexedOrder],
    ['that no index serves', freeOrders, anyOrder],
  ]
  for (const [which, orders, requirement] of walks) {
    define(
      `pages of every size add up to the whole list, in orders ${which}`,
      async ({ session, random }) => expectWalksEqualWhole(session, random, orders),
      requirement,
    )
  }

  define(
    'no row among ties is skipped or doubled',
    async ({ session }) => {
      const ids = Array.from({ length: 23 }, (_, index) => idAt(index + 1))
      await insertRows(
        session,
        specimen,
        ids.map((id) => specimenRow(id, { score: 5, stage: 'open' })),
      )
      for (const order of [['score'], ['-score'], ['stage', '-at']] as const) {
        const walked = await walkPages(session, specimen, queryOf(specimen, { order, limit: 4 }))
        const expected = totalOrder(order).at(-1) === 'id' ? ids : ids.toReversed()
        assertEqual(
          walked.map((row) => row.id),
          expected,
          `ids walked in the order ${order.join(', ')}`,
        )
      }
    },
    indexedOrder,
  )

  define(
    'a cursor may hold null: the walk goes on among missing values',
    async ({ session }) => {
      await insertRows(session, specimen, [
        specimenRow(idAt(1), { score: 1 }),
        specimenRow(idAt(2), {}),
        specimenRow(idAt(3), { score: 2 }),
        specimenRow(idAt(4), {}),
        specimenRow(idAt(5), {}),
      ])
      const behind = async (order: readonly OrderTerm[], after: readonly (Scalar | null)[]): Promise<number[]> => {
        const page = await readPage(session, specimen, { ...queryOf(specimen, { order }), after })
        return page.rows.map((row) => Number(row.id.slice(-1)))
      }
      assertEqual(await behind(['score'], [2, idAt(3)]), [2, 4, 5], 'rows behind the last value, ascending')
      assertEqual(await behind(['score'], [null, idAt(2)]), [4, 5], 'rows behind a missing value, ascending')
      assertEqual(await behind(['-score'], [1, idAt(1)]), [5, 4, 2], 'rows behind the last value, descending')
      assertEqual(await behind(['-score'], [null, idAt(4)]), [2], 'rows behind a missing value, descending')
      assertEqual(await behind(['-score'], [null, idAt(2)]), [], 'rows behind the last missing value')
    },
    indexedOrder,
  )

  define(
    'a page starts behind its place, whether or not a row stands there',
    async ({ session }) => {
      await insertRows(
        session,
        specimen,
        [1, 2, 3, 4].map((n) => specimenRow(idAt(n), { score: n * 10 })),
      )
      await session.write([{ do: 'delete', entity: specimen.name, id: idAt(2) }])
      const behind = async (order: readonly OrderTerm[], after: readonly (Scalar | null)[]): Promise<unknown[]> => {
        const page = await readPage(session, specimen, { ...queryOf(specimen, { order }), after })
        return page.rows.map((row) => row.score)
      }
      assertEqual(await behind(['score'], [20, idAt(2)]), [30, 40], 'behind a deleted row')
      assertEqual(await behind(['score'], [35, idAt(9)]), [40], 'behind a value nobody has')
      assertEqual(await behind(['-score'], [35, idAt(9)]), [30, 10], 'behind a value nobody has, descending')
      assertEqual(await behind(['score'], [10, idAt(0)]), [10, 30, 40], 'behind a smaller id of the same value')
    },
    indexedOrder,
  )

  define(
    'the end is told: behind the last row there is an empty page that is done',
    async ({ session }) => {
      await insertRows(session, specimen, [specimenRow(idAt(1), { score: 1 }), specimenRow(idAt(2), { score: 2 })])
      const query = queryOf(specimen, { order: ['score'], limit: 2 })
      const first = await readPage(session, specimen, query)
      assertEqual(first.rows.length, 2, 'rows of the first page')
      const second = await readPage(session, specimen, { ...query, after: [2, idAt(2)] })
      assertEqual([second.rows.length, second.done], [0, true], 'rows and done of the page behind the last row')
      const short = await readPage(session, specimen, { ...query, limit: 1 })
      assertEqual(short.done, false, 'done of a page that others follow')
    },
    indexedOrder,
  )

  define(
    'rows that stay are seen once, while others come and go between pages',
    async ({ session, random }) => {
      for (let round = 0; round < rounds(2, 6); round++) {
        await expectStableWalk(session, random, round)
      }
    },
    indexedOrder,
  )
}

/** Walks pages of 5 while rows are inserted and deleted on both sides of the place reached. */
async function expectStableWalk(session: StorageSession, random: SeededRandom, round: number): Promise<void> {
  const stage = `round ${round}`
  const base = round * 10_000
  const fields = (): Record<string, unknown> => (random.chance(0.2) ? { stage } : { stage, at: instantAt(random) })
  const staying = Array.from({ length: 40 }, (_, index) => specimenRow(idAt(base + index * 100), fields()))
  const leaving = Array.from({ length: 40 }, (_, index) => specimenRow(idAt(base + index * 100 + 50), fields()))
  await insertRows(session, specimen, random.shuffle([...staying, ...leaving]))

  const doomed = random.shuffle(leaving)
  let added = 0
  const query = queryOf(specimen, {
    where: { op: 'eq', path: 'stage', value: stage },
    order: ['stage', '-at'],
    limit: 5,
  })
  const walked = await walkPages(session, specimen, query, async () => {
    const gone = doomed.splice(0, 3)
    const come = [1, 2].map(() => specimenRow(idAt(base + 5_000 + ++added), fields()))
    await session.write([
      ...gone.map((row) => ({ do: 'delete', entity: specimen.name, id: row.id }) as const),
      ...come.map((row) => ({ do: 'insert', entity: specimen.name, row }) as const),
    ])
  })
  const seen = walked.map((row) => row.id)
  assertEqual(seen.length, new Set(seen).size, 'rows walked, counted with and without repetitions')
  const skipped = staying.filter((row) => !seen.includes(row.id)).map((row) => row.id)
  assert(skipped.length === 0, `${skipped.length} rows that stayed all the time were skipped: ${skipped.join(', ')}`)
}

function instantAt(random: SeededRandom): string {
  return new Date(Date.UTC(2026, 0, 1) + random.integer(0, 20) * 3_600_000).toISOString()
}
