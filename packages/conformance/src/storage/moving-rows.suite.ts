import type { NewRow, OrderTerm, Row, StorageSession, Write } from '@rapport/core/storage'
import { assertEqual } from '../assertion.js'
import type { SeededRandom } from '../seeded-random.js'
import type { DefineSuite } from './conformance-case.js'
import { queryOf, totalOrder, walkPages } from './reading.js'
import { ReferenceModel } from './reference-model.js'
import { indexedOrder } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

/** Orders in both directions, by one term and by two. */
const orders: readonly (readonly OrderTerm[])[] = [['score'], ['-score'], ['stage', '-at'], ['-stage', 'at']]

/** Keys that many rows share: two values, and none. */
function sharedKeys(position: number): Readonly<Record<string, unknown>> {
  const value = position % 3
  return value === 2 ? {} : { score: value, at: `2026-03-0${value + 1}T00:00:00.000Z` }
}

/** Paging while rows come and go. */
export const movingRowsSuite: DefineSuite = (define, rounds) => {
  for (const order of orders) {
    define(
      `at the edge of a page rows with the same key come and go, ordered by ${order.join(', ')}`,
      async ({ session, random }) => expectExactPages(session, random, order),
      indexedOrder,
    )
  }

  define(
    'rows that stay are seen once and in order, in both directions, while writers go on',
    async ({ session, random, adapter, tenantId }) => {
      const staying = Array.from({ length: 40 }, (_, index) => specimenRow(idAt(index * 100), sharedKeys(index)))
      await insertRows(session, specimen, random.shuffle(staying))
      const writer = adapter.session({ tenantId })
      for (let round = 0; round < rounds(1, 2); round++) {
        for (const order of orders) await expectStayingSeen(session, writer, { staying, order, round })
      }
    },
    indexedOrder,
  )
}

/** Walks in pages of 4; between two pages the row at the edge goes, and rows with its key come on both sides of it. */
async function expectExactPages(
  session: StorageSession,
  random: SeededRandom,
  order: readonly OrderTerm[],
): Promise<void> {
  const model = new ReferenceModel(specimen)
  const apply = async (batch: readonly Write[]): Promise<void> => {
    model.write(batch)
    await session.write(batch)
  }
  const rows = Array.from({ length: 30 }, (_, index) => specimenRow(idAt((index + 1) * 100), sharedKeys(index)))
  await apply(random.shuffle(rows).map((row) => ({ do: 'insert', entity, row })))
  const query = queryOf(specimen, { order, limit: 4 })

  const expected: string[] = model.find(query)
  const walked = await walkPages(session, specimen, query, async (seen) => {
    const edge = seen.at(-1)!
    const place = Number.parseInt(edge.id.slice(-12), 16)
    const { version, ...fields } = edge
    await apply([
      { do: 'delete', entity, id: edge.id },
      { do: 'insert', entity, row: { ...fields, id: idAt(place - 1) } },
      { do: 'insert', entity, row: { ...fields, id: idAt(place + 1) } },
    ])
    const after = totalOrder(order).map((term) => keyOf(edge, term))
    expected.push(...model.find({ ...query, after }))
  })
  assertEqual(
    walked.map((row) => row.id),
    expected,
    'ids walked',
  )
}

function keyOf(row: Row, term: OrderTerm): string | number | null {
  return (row[term.replace(/^-/, '')] as string | number | undefined) ?? null
}

interface StayingWalk {
  readonly staying: readonly NewRow[]
  readonly order: readonly OrderTerm[]
  readonly round: number
}

/** Walks while another session inserts and deletes rows between those that stay, not waiting for the walk. */
async function expectStayingSeen(
  session: StorageSession,
  writer: StorageSession,
  { staying, order, round }: StayingWalk,
): Promise<void> {
  let walking = true
  const writing = (async () => {
    for (let turn = 0; walking; turn++) {
      const ids = [0, 1, 2]
        .map((offset) => (turn * 7 + offset * 13) % 40)
        .map((place) => idAt(place * 100 + 50 + round))
      const batch = [...new Set(ids)]
      await writer.write(
        batch.map((id, index) => ({ do: 'insert', entity, row: specimenRow(id, sharedKeys(turn + index)) })),
      )
      await writer.write(batch.map((id) => ({ do: 'delete', entity, id })))
      // Lets a walk in that shares this thread with the writer.
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  })()
  const walk = walkPages(session, specimen, queryOf(specimen, { order, limit: 7 }), async () => {
    await new Promise((resolve) => setTimeout(resolve, 0))
  }).finally(() => {
    walking = false
  })
  const [walked] = await Promise.all([walk, writing])

  const model = new ReferenceModel(specimen)
  model.write(staying.map((row) => ({ do: 'insert', entity, row })))
  const expected = model.find({ ...queryOf(specimen, { order }), limit: staying.length })
  const known = new Set(expected)
  const seen = walked.map((row) => row.id).filter((id) => known.has(id))
  assertEqual(seen, expected, `rows that stay, walked in the order ${order.join(', ')}`)
}
