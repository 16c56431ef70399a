import type { Capabilities, Change, StorageSession } from '@rapport/core/storage'
import { assert, assertEqual } from '../assertion.js'
import { readAllChanges } from './change-feed.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { changes, watch } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { concurrently, insertRows, pause } from './writing.js'

const entity = specimen.name

/** The last entry of every record, by entity and id: what a reader who follows the feed believes. */
function lastEntries(feed: readonly Change[]): Map<string, Pick<Change, 'kind' | 'version'>> {
  return new Map(feed.map(({ entity: name, id, kind, version }) => [`${name} ${id}`, { kind, version }]))
}

/** The change feed: everything appears, in order within a record, and nothing is lost. */
export const changesSuite: DefineSuite = (define, rounds) => {
  const defineChanges = (title: string, run: Parameters<DefineCase>[1]): void => define(title, run, changes)

  defineChanges('inserts, upserts, patches and deletes appear, of every entity', async ({ session, capabilities }) => {
    await insertRows(
      session,
      specimen,
      [1, 2, 3].map((n) => specimenRow(idAt(n))),
    )
    await session.write([
      { do: 'patch', entity, id: idAt(1), set: { score: 1 } },
      { do: 'upsert', entity, row: specimenRow(idAt(2), { score: 1 }) },
      { do: 'delete', entity, id: idAt(3) },
      { do: 'upsert', entity, row: specimenRow(idAt(4)) },
      { do: 'insert', entity: specimenNote.name, row: { id: idAt(1), specimenId: idAt(1) } },
    ])
    const last = lastEntries(await readAllChanges(session, capabilities))
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
      const before = await readAllChanges(session, capabilities)
      await session.write([{ do: 'patch', entity, id: idAt(1), set: { 'scores.clv.value': 1 }, touch: false }])
      const after = await readAllChanges(session, capabilities, before.at(-1)?.position)
      assertEqual(
        after.map(({ id, kind, version }) => ({ id, kind, version })),
        [{ id: idAt(1), kind: 'put', version: 1 }],
        'entries behind the patch',
      )
    },
  )

  defineChanges('entries of a record come in the order of its commits', async ({ session, capabilities }) => {
    const ids = [1, 2, 3].map(idAt)
    await insertRows(
      session,
      specimen,
      ids.map((id) => specimenRow(id)),
    )
    const seen: Change[] = []
    for (let version = 2; version <= 6; version++) {
      await session.write(ids.toReversed().map((id) => ({ do: 'patch', entity, id, add: { score: 1 } })))
      seen.push(...(await readAllChanges(session, capabilities, seen.at(-1)?.position)))
    }
    for (const id of ids) {
      const versions = seen.filter((change) => change.id === id).map((change) => change.version)
      assertEqual(
        versions,
        versions.toSorted((left, right) => left - right),
        `versions of ${id} in the feed`,
      )
      assertEqual(versions.at(-1), 6, `last version of ${id} in the feed`)
    }
  })

  defineChanges('a row deleted and inserted again is there in the end', async ({ session, capabilities }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    await session.write([{ do: 'delete', entity, id: idAt(1) }])
    const deleted = await readAllChanges(session, capabilities)
    assertEqual(deleted.at(-1)?.kind, 'delete', 'kind of the last entry after the delete')
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    const again = await readAllChanges(session, capabilities, deleted.at(-1)?.position)
    assertEqual(again.at(-1)?.kind, 'put', 'kind of the last entry after the insert')
  })

  defineChanges('a check feeds nothing', async ({ session, capabilities }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    const before = await readAllChanges(session, capabilities)
    await session.write([{ do: 'check', entity, id: idAt(1), is: 'present' }])
    assertEqual(await readAllChanges(session, capabilities, before.at(-1)?.position), [], 'entries behind the check')
  })

  defineChanges(
    'a page holds at most its limit, and pages add up to the whole feed',
    async ({ session, capabilities }) => {
      await insertRows(
        session,
        specimen,
        Array.from({ length: 25 }, (_, index) => specimenRow(idAt(index))),
      )
      const whole = await readAllChanges(session, capabilities)
      const walked: Change[] = []
      for (;;) {
        const page = await session.changes!(walked.at(-1)?.position, 7)
        assert(page.length <= 7, `changes returned ${page.length} entries where the limit is 7`)
        if (page.length === 0) break
        walked.push(...page)
      }
      assertEqual(walked, whole, 'entries read by 7')
      assertEqual(new Set(walked.map((change) => change.id)).size, 25, 'records in the feed')
    },
  )

  defineChanges('tenants have feeds of their own', async ({ session, capabilities, newTenant }) => {
    const other = newTenant().session
    await insertRows(other, specimen, [specimenRow(idAt(1)), specimenRow(idAt(2))])
    assertEqual(await readAllChanges(session, capabilities), [], 'entries of an empty tenant')
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    assertEqual((await readAllChanges(session, capabilities)).length, 1, 'entries of a tenant with one row')
  })

  defineChanges('a poller that never goes back loses nothing while many write', async (context) => {
    await expectNothingLost(context.session, context.capabilities, rounds(4, 15))
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
      const rows = Array.from({ length: 1 + ((writer + round) % 4) * 5 }, (_, index) =>
        specimenRow(idAt(writer * 100_000 + round * 100 + index)),
      )
      await insertRows(session, specimen, rows)
      await session.write([{ do: 'patch', entity, id: rows[0]!.id, set: { 'scores.clv.value': round }, touch: false }])
      await session.write([{ do: 'patch', entity, id: rows[0]!.id, set: { score: round } }])
    }
  }).finally(() => {
    writing = false
  })
  while (writing) {
    seen.push(...(await session.changes!(seen.at(-1)?.position, 50)))
    await pause(1)
  }
  for (const outcome of await writers) if (outcome.status === 'rejected') throw outcome.reason
  seen.push(...(await readAllChanges(session, capabilities, seen.at(-1)?.position)))

  const last = lastEntries(seen)
  const stored: (readonly [string, number])[] = []
  for (let after: string | undefined; ; ) {
    const page = await session.find({
      entity,
      order: ['id'],
      limit: 1_000,
      ...(after !== undefined && { after: [after] }),
    })
    stored.push(...page.rows.map((row) => [row.id, row.version] as const))
    after = page.rows.at(-1)?.id
    if (page.done || after === undefined) break
  }
  const lost = stored.filter(([id, version]) => last.get(`${entity} ${id}`)?.version !== version)
  assert(lost.length === 0, `the poller missed the newest change of ${lost.length} of ${stored.length} rows`)
  assertEqual(last.size, stored.length, 'records in the feed')
}
