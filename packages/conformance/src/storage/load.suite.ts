import type { NewRow } from '@rapport/core/storage'
import { assertEqual, assertFails } from '../assertion.js'
import { namesRecords, readAllChanges } from './change-feed.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { assertRow, matchingIds, readRow } from './reading.js'
import { changes, load, unique } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

function numbered(from: number, to: number, fields: Readonly<Record<string, unknown>> = {}): NewRow[] {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    specimenRow(idAt(from + index), { score: from + index, ...fields }),
  )
}

async function* streamOf(...batches: readonly (readonly NewRow[])[]): AsyncGenerator<readonly NewRow[]> {
  for (const batch of batches) {
    await Promise.resolve()
    yield batch
  }
}

/** Bulk load. */
export const loadSuite: DefineSuite = (define) => {
  const defineLoad = (title: string, run: Parameters<DefineCase>[1]): void => define(title, run, load)

  defineLoad('a stream of batches is stored whole', async ({ session }) => {
    const full: NewRow = specimenRow(idAt(9_000), {
      name: 'tab\there, line\nend, back\\slash, "quote", \'apostrophe\', 😀, \\N',
      note: '',
      ratio: 0.1,
      active: false,
      at: '2026-03-01T10:00:00.001Z',
      tags: ['a,b', '{c}', '"d"', '\\e', '', 'NULL'],
      custom: { list: [1, '2', null], 'q"': '\\' },
      'scores.clv.value': 1.5,
    })
    const result = await session.load!(entity, streamOf(numbered(1, 1_000), numbered(1_001, 1_500), [], [full]))
    assertEqual(result, { loaded: 1_501, skipped: 0 }, 'result of load')
    assertEqual((await matchingIds(session, specimen)).length, 1_501, 'rows found')
    await assertRow(session, specimen, full.id, { ...full, version: 1 }, 'a loaded row with a value of every type')
    assertEqual((await readRow(session, specimen, idAt(1_234))).score, 1_234, 'score of a loaded row')
  })

  defineLoad('a plain list of batches will do, and versions given are kept', async ({ session }) => {
    const result = await session.load!(entity, [[{ ...specimenRow(idAt(1)), version: 9 }], numbered(2, 3)])
    assertEqual(result, { loaded: 3, skipped: 0 }, 'result of load')
    assertEqual((await readRow(session, specimen, idAt(1))).version, 9, 'version of a row loaded with one')
  })

  defineLoad('an id that exists fails its batch alone', async ({ session }) => {
    await insertRows(session, specimen, numbered(5, 5, { name: 'first' }))
    await assertFails(
      () => session.load!(entity, streamOf(numbered(1, 3), numbered(4, 6, { name: 'second' }), numbered(7, 8))),
      'conflict',
      { reason: 'exists' },
      'load over an id that exists',
    )
    assertEqual(await matchingIds(session, specimen), [1, 2, 3, 5].map(idAt), 'rows after it')
    assertEqual((await readRow(session, specimen, idAt(5))).name, 'first', 'name of the row that existed')
  })

  defineLoad('onExisting skip leaves what exists and counts it', async ({ session }) => {
    await insertRows(session, specimen, numbered(2, 3, { name: 'first' }))
    const result = await session.load!(entity, streamOf(numbered(1, 4, { name: 'second' })), { onExisting: 'skip' })
    assertEqual(result, { loaded: 2, skipped: 2 }, 'result of load')
    const rows = await session.getMany(entity, [1, 2, 3, 4].map(idAt))
    assertEqual(
      rows.map((row) => row?.name),
      ['second', 'first', 'first', 'second'],
      'names after it',
    )
  })

  defineLoad('an id that comes again in a later batch counts as existing', async ({ session }) => {
    const again = (): AsyncGenerator<readonly NewRow[]> =>
      streamOf(numbered(1, 2, { name: 'a' }), numbered(2, 3, { name: 'b' }))
    const skipped = await session.load!(entity, again(), { onExisting: 'skip' })
    assertEqual(skipped, { loaded: 3, skipped: 1 }, 'result of load that skips')
    assertEqual((await readRow(session, specimen, idAt(2))).name, 'a', 'name after load that skips')
    await session.load!(entity, again(), { onExisting: 'replace' })
    assertEqual((await readRow(session, specimen, idAt(2))).name, 'b', 'name after load that replaces')
  })

  defineLoad('onExisting replace replaces whole', async ({ session }) => {
    await insertRows(session, specimen, numbered(2, 3, { name: 'first', rank: 1 }))
    const result = await session.load!(entity, streamOf(numbered(1, 4, { name: 'second' })), { onExisting: 'replace' })
    assertEqual(result, { loaded: 4, skipped: 0 }, 'result of load')
    const rows = await session.getMany(entity, [1, 2, 3, 4].map(idAt))
    assertEqual(
      rows.map((row) => [row?.name, row?.rank]),
      Array(4).fill(['second', undefined]),
      'names and ranks',
    )
  })

  define(
    'a unique value that is taken fails the batch',
    async ({ session }) => {
      await insertRows(session, specimen, [specimenRow(idAt(1), { uniqueKey: 'key' })])
      const batch = [specimenRow(idAt(2)), specimenRow(idAt(3), { uniqueKey: 'key' })]
      await assertFails(
        () => session.load!(entity, [batch]),
        'conflict',
        { reason: 'unique' },
        'load of a value that is taken',
      )
      assertEqual(await matchingIds(session, specimen), [idAt(1)], 'rows after it')
    },
    load,
    unique,
  )

  define(
    'loaded rows appear in the change feed',
    async ({ session, capabilities }) => {
      await session.load!(entity, streamOf(numbered(1, 20)))
      const feed = await readAllChanges(session, capabilities, { until: namesRecords(20) })
      assertEqual(new Set(feed.map((change) => change.id)).size, 20, 'records in the feed')
    },
    load,
    changes,
  )

  defineLoad('a tenant loads into its own rows', async ({ session, newTenant }) => {
    const other = newTenant().session
    await insertRows(other, specimen, numbered(1, 2, { name: 'theirs' }))
    await session.load!(entity, [numbered(1, 2, { name: 'ours' })], { onExisting: 'replace' })
    const rows = await other.getMany(entity, [idAt(1), idAt(2)])
    assertEqual(
      rows.map((row) => row?.name),
      ['theirs', 'theirs'],
      'names in the other tenant',
    )
  })
}
