import type { OrderTerm, StorageSession } from '@rapport/core/storage'
import { assertEqual } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { queryOf, walkPages } from './reading.js'
import { anyOrder, indexedOrder } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

/** Inserts one row for each value of a field (none where undefined), in the order given, and expects them back in another. */
async function expectOrder(
  session: StorageSession,
  field: string,
  stored: readonly unknown[],
  ascending: readonly unknown[],
): Promise<void> {
  const rows = stored.map((value, index) => specimenRow(idAt(index + 1), value === undefined ? {} : { [field]: value }))
  await insertRows(session, specimen, rows)
  const read = async (order: readonly OrderTerm[]): Promise<unknown[]> => {
    const found = await walkPages(session, specimen, queryOf(specimen, { order }))
    return found.map((row) => row[field])
  }
  const present = ascending.filter((value) => value !== undefined)
  const missing = ascending.filter((value) => value === undefined)
  assertEqual(await read([field]), [...present, ...missing], `${field} ascending`)
  assertEqual(await read([`-${field}`]), [...present.toReversed(), ...missing], `${field} descending`)
}

/** Sorting: what comes first, and where the missing values go. */
export const orderSuite: DefineSuite = (define) => {
  define(
    'whole numbers sort by size, and missing values last in both directions',
    async ({ session }) => {
      const stored = [10, undefined, -3, 9, 100, undefined, 0, 9_007_199_254_740_991, -9_007_199_254_740_991]
      const sorted = [-9_007_199_254_740_991, -3, 0, 9, 10, 100, 9_007_199_254_740_991, undefined, undefined]
      await expectOrder(session, 'score', stored, sorted)
    },
    indexedOrder,
  )

  define(
    'fractions sort by size, and missing values last in both directions',
    async ({ session }) => {
      await expectOrder(
        session,
        'ratio',
        [0.5, 1e300, undefined, -1e-300, 0, 2, -1e300],
        [-1e300, -1e-300, 0, 0.5, 2, 1e300, undefined],
      )
    },
    anyOrder,
  )

  define(
    'text sorts by code point, and missing values last in both directions',
    async ({ session }) => {
      await expectOrder(
        session,
        'name',
        ['ada', 'Zoë', undefined, 'Ada', 'zoe', 'Ádam', '', '_x', '10', '9', 'A', 'a b', 'a-b', 'ab', undefined],
        ['', '10', '9', 'A', 'Ada', 'Zoë', '_x', 'a b', 'a-b', 'ab', 'ada', 'zoe', 'Ádam', undefined, undefined],
      )
    },
    indexedOrder,
  )

  define(
    'text beyond the basic plane sorts after it: by code point, not by UTF-16 unit',
    async ({ session }) => {
      // U+FF5E comes before U+1F600, whose UTF-16 form begins with the smaller unit D83D.
      await expectOrder(
        session,
        'name',
        ['😀', '\uFF5E', 'z', '中', '𝒜', '\uFFFD'],
        ['z', '中', '\uFF5E', '\uFFFD', '𝒜', '😀'],
      )
    },
    indexedOrder,
  )

  define(
    'false sorts before true, and missing values last in both directions',
    async ({ session }) => {
      await expectOrder(session, 'active', [true, undefined, false, true, false], [false, false, true, true, undefined])
    },
    indexedOrder,
  )

  define(
    'instants sort by time, and missing values last in both directions',
    async ({ session }) => {
      const early = '0001-01-01T00:00:00.000Z'
      const late = '9999-12-31T23:59:59.999Z'
      const [before, at, behind] = ['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.001Z']
      await expectOrder(
        session,
        'at',
        [at, late, undefined, behind, early, before],
        [early, before, at, behind, late, undefined],
      )
    },
    indexedOrder,
  )

  define(
    'ties are broken by id, in the direction of the last term',
    async ({ session }) => {
      const ids = [3, 1, 4, 2].map(idAt)
      await insertRows(
        session,
        specimen,
        ids.map((id) => specimenRow(id, { score: 5 })),
      )
      const read = async (order: readonly OrderTerm[]): Promise<string[]> =>
        (await walkPages(session, specimen, queryOf(specimen, { order }))).map((row) => row.id)
      assertEqual(await read(['score']), [1, 2, 3, 4].map(idAt), 'ids in ascending order of equal scores')
      assertEqual(await read(['-score']), [4, 3, 2, 1].map(idAt), 'ids in descending order of equal scores')
      assertEqual(await read([]), [1, 2, 3, 4].map(idAt), 'ids in order of the id alone')
    },
    indexedOrder,
  )

  define(
    'terms of both directions mix, with missing values last in each',
    async ({ session }) => {
      const [spring, autumn] = ['2026-03-01T00:00:00.000Z', '2026-10-01T00:00:00.000Z']
      await insertRows(session, specimen, [
        specimenRow(idAt(1), { stage: 'b', at: spring }),
        specimenRow(idAt(2), { stage: 'a' }),
        specimenRow(idAt(3), { stage: 'a', at: spring }),
        specimenRow(idAt(4), { stage: 'b' }),
        specimenRow(idAt(5), { stage: 'a', at: autumn }),
        specimenRow(idAt(6), { stage: 'b', at: autumn }),
        specimenRow(idAt(7), { stage: 'a', at: autumn }),
      ])
      const read = async (order: readonly OrderTerm[]): Promise<number[]> => {
        const rows = await walkPages(session, specimen, queryOf(specimen, { order }))
        return rows.map((row) => Number(row.id.slice(-2)))
      }
      assertEqual(await read(['stage', '-at']), [7, 5, 3, 2, 6, 1, 4], 'order stage, -at')
      assertEqual(await read(['-stage', 'at']), [1, 6, 4, 3, 5, 7, 2], 'order -stage, at')
    },
    indexedOrder,
  )

  define(
    'three terms mix where every order is served, dotted fields too',
    async ({ session }) => {
      await insertRows(session, specimen, [
        specimenRow(idAt(1), { active: true, 'scores.clv.value': 2, ratio: 1 }),
        specimenRow(idAt(2), { active: true, 'scores.clv.value': 2 }),
        specimenRow(idAt(3), { active: false, 'scores.clv.value': 2, ratio: 1 }),
        specimenRow(idAt(4), { 'scores.clv.value': 9, ratio: 1 }),
        specimenRow(idAt(5), { active: true, 'scores.clv.value': 3, ratio: 0 }),
        specimenRow(idAt(6), { active: true, ratio: 7 }),
      ])
      const query = queryOf(specimen, { order: ['-active', 'scores.clv.value', '-ratio'] })
      const rows = await walkPages(session, specimen, query)
      assertEqual(
        rows.map((row) => Number(row.id.slice(-1))),
        [1, 2, 5, 6, 3, 4],
        'order -active, scores.clv.value, -ratio',
      )
    },
    anyOrder,
  )
}
