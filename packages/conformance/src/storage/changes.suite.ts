import type { Capabilities, Change, StorageSession } from '@rapport/core/storage'
import { assert, assertEqual } from '../assertion.js'
import { lastEntries, namesRecords, readAllChanges } from './change-feed.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { queryOf, walkPages } from './reading.js'
import { changes, watch } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { concurrently, insertRows, pause } from './writing.js'

const entity = specimen.name

/** Whether the last entry of a specimen is of a kind, and of a version where one is named. */
function endsWith(position: number, kind: Change['kind'], version?: number): (seen: readonly Change[]) => boolean {
  return (seen) => {
    const last = lastEntries(seen).get(`${entity} ${idAt(position)}`)
    return last?.kind === kind && (version === undefined || last.version === version)
  }
}

/** The change feed: everything appears, in order within a record, and nothing is lost. */
export const changesSuite: DefineSuite = (define, rounds) => {
  const defineChanges = (title: string, run: Parameters<DefineCase>[1]): void => define(title, run, changes)

  defineChanges('inserts, upserts, patches and deletes appear, of every entity', async ({ session, capabilities }) => {
    const rows = [1, 2, 3].map((n) => specimenRow(idAt(n)))
    await insertRows(session, specimen, rows)
    await session.write([
      { do: 'patch', entity, id: idAt(1), set: { score: 1 } },
      { do: 'upsert', entity, row: specimenRow(idAt(2), { score: 1 }) },
      { do: 'delete', entity, id: idAt(3) },
      { do: 'upsert', entity, row: specimenRow(idAt(4)) },
      { do: 'insert', entity: specimenNote.name, row: { id: idAt(1), specimenId: idAt(1) } },
    ])
    const seen = await readAllChanges(session, capabilities, { until: namesRecords(5) })
    const last = lastEntries(seen)
    assertEqual(last.size, 5, 'records in the feed')
    assertEqual(last.get(`${entity} ${idAt(1)}`), { kind: 'put', version: 2 }, 'last entry of the patched row')
    assertEqual(last.get(`${entity} ${idAt(2)}`), { kind: 'put', version: 2 }, 'last entry of the replaced row')
    assertEqual(last.get(`${entity} ${idAt(3)}`)?.kind, 'delete', 'kind of the last entry of the deleted row')
    assertEqual(last.get(`${entity} ${idAt(4)}`), { kind: 'put', version: 1 }, 'last entry of the upserted row')
    assertEqual(last.get(`${specimenNote.name} ${idAt(1)}`), { kind: 'put', version: 1 }, 'last entry of the note')
  })

  defineChanges(
    'a patch with touch: false appears, at the version the row keeps',
    async ({ session, capabilities }) => {
      await insertRows(session, specimen, [specimenRow(idAt(1))])
      const before = await readAllChanges(session, capabilities, { until: namesRecords(1) })
      await session.write([{ do: 'patch', entity, id: idAt(1), set: { 'scores.clv.value': 1 }, touch: false }])
      const after = before.at(-1)?.position
      const seen = await readAllChanges(session, capabilities, { after, until: namesRecords(1) })
      assertEqual(
        seen.map(({ id, kind, version }) => ({ id, kind, version })),
        [{ id: idAt(1), kind: 'put', version: 1 }],
        'entries behind the patch',
      )
    },
  )

  defineChanges('entries of a record come in the order of its commits', async ({ session, capabilities }) => {
    const ids = [1, 2, 3].map(idAt)
    const rows = ids.map((id) => specimenRow(id))
    await insertRows(session, specimen, rows)
    const seen: Change[] = []
    for (let version = 2; version <= 6; version++) {
      await session.write(ids.toReversed().map((id) => ({ do: 'patch', entity, id, add: { score: 1 } })))
      const after = seen.at(-1)?.position
      seen.push(...(await readAllChanges(session, capabilities, { after, until: endsWith(1, 'put', version) })))
    }
    for (const id of ids) {
      const versions = seen.filter((change) => change.id === id).map((change) => change.version)
      const ascending = versions.toSorted((left, right) => left - right)
      assertEqual(versions, ascending, `versions of ${id} in the feed`)
      assertEqual(versions.at(-1), 6, `last version of ${id} in the feed`)
    }
  })

  defineChanges('a row deleted and inserted again is there in the end', async ({ session, capabilities }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    await session.write([{ do: 'delete', entity, id: idAt(1) }])
    const deleted = await readAllChanges(session, capabilities, { until: endsWith(1, 'delete') })
    assertEqual(deleted.at(-1)?.kind, 'delete', 'kind of the last entry after the delete')
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    const after = deleted.at(-1)?.position
    const again = await readAllChanges(session, capabilities, { after, until: endsWith(1, 'put') })
    assertEqual(again.at(-1)?.kind, 'put', 'kind of the last entry after the insert')
  })

  defineChanges('a check feeds nothing', async ({ session, capabilities }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    const before = await readAllChanges(session, capabilities, { until: namesRecords(1) })
    await session.write([{ do: 'check', entity, id: idAt(1), is: 'present' }])
    const seen = await readAllChanges(session, capabilities, { after: before.at(-1)?.position })
    assertEqual(seen, [], 'entries behind the check')
  })

  defineChanges('a page holds at most its limit, and pages add up to the whole', async ({ session, capabilities }) => {
    const rows = Array.from({ length: 25 }, (_, index) => specimenRow(idAt(index)))
    await insertRows(session, specimen, rows)
    const whole = await readAllChanges(session, capabilities, { until: namesRecords(25) })
    const walked: Change[] = []
    for (;;) {
      const page = await session.changes!(walked.at(-1)?.position, 7)
      assert(page.length <= 7, `changes returned ${page.length} entries where the limit is 7`)
      if (page.length === 0) break
      walked.push(...page)
    }
    assertEqual(walked, whole, 'entries read by 7')
    assertEqual(new Set(walked.map((change) => change.id)).size, 25, 'records in the feed')
  })

  defineChanges('tenants have feeds of their own', async ({ session, capabilities, newTenant }) => {
    const other = newTenant().session
    await insertRows(other, specimen, [specimenRow(idAt(1)), specimenRow(idAt(2))])
    await readAllChanges(other, capabilities, { until: namesRecords(2) })
    assertEqual(await readAllChanges(session, capabilities), [], 'entries of an empty tenant')
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    const own = await readAllChanges(session, capabilities, { until: namesRecords(1) })
    assertEqual(own.length, 1, 'entries of a tenant with one row')
  })

  defineChanges('a poller that never goes back loses nothing while many write', async ({ session, capabilities }) => {
    await expectNothingLost(session, capabilities, rounds(4, 15))
  })

  define(
    'watch wakes after a write, until it is stopped',
    async ({ session }) => {
      let wakes = 0
      const stop = session.watch!(() => {
        wakes++
      })
      for (let attempt = 1; attempt <= 50 && wakes === 0; attempt++) {
        await insertRows(session, specimen, [specimenRow(idAt(attempt))])
        await pause(20)
      }
      stop()
      assert(wakes > 0, 'watch did not wake within a second of writes')
      await pause(50)
      const heard = wakes
      await insertRows(session, specimen, [specimenRow(idAt(1_000))])
      await pause(50)
      assertEqual(wakes, heard, 'wakes after watch was stopped')
    },
    watch,
  )
}

/** Eight writers commit in batches of different sizes, so that positions and commits come in different orders. */
async function expectNothingLost(session: StorageSession, capabilities: Capabilities, each: number): Promise<void> {
  const seen: Change[] = []
  let writing = true
  const writers = concurrently(8, async (writer) => {
    for (let round = 0; round < each; round++) {
      const position = writer * 100_000 + round * 100
      const size = 1 + ((writer + round) % 4) * 5
      const rows = Array.from({ length: size }, (_, index) => specimenRow(idAt(position + index)))
      const first = { entity, id: idAt(position) } as const
      await insertRows(session, specimen, rows)
      await session.write([{ do: 'patch', ...first, set: { 'scores.clv.value': round }, touch: false }])
      await session.write([{ do: 'patch', ...first, set: { score: round } }])
    }
  }).finally(() => {
    writing = false
  })
  while (writing) {
    seen.push(...(await session.changes!(seen.at(-1)?.position, 50)))
    await pause(1)
  }
  for (const outcome of await writers) if (outcome.status === 'rejected') throw outcome.reason

  const stored = await walkPages(session, specimen, queryOf(specimen))
  const missed = (feed: readonly Change[]): number => {
    const last = lastEntries(feed)
    return stored.filter((row) => last.get(`${entity} ${row.id}`)?.version !== row.version).length
  }
  const after = seen.at(-1)?.position
  const until = (late: readonly Change[]): boolean => missed([...seen, ...late]) === 0
  seen.push(...(await readAllChanges(session, capabilities, { after, until })))
  assert(missed(seen) === 0, `the poller missed the newest change of ${missed(seen)} of ${stored.length} rows`)
  assertEqual(lastEntries(seen).size, stored.length, 'records in the feed')
}
