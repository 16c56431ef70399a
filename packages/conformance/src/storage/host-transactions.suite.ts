import { isCrmError, type Row, type StorageSession } from '@rapport/core/storage'
import { assert, assertEqual, assertFails, failureOf, show } from '../assertion.js'
import { namesRecords, readAllChanges } from './change-feed.js'
import type { CaseContext, DefineSuite } from './conformance-case.js'
import { assertRow, matchingIds, readRow } from './reading.js'
import { changes, hostTransaction, load, type Requirement, transaction } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

type Join = (tenantId?: string) => StorageSession

/** Runs work in a transaction of the host, which ends as `work` says, and with a rollback when it throws. */
async function inHostTransaction(
  { adapter, tenantId: own, ports }: CaseContext,
  work: (join: Join) => Promise<'commit' | 'rollback'>,
): Promise<void> {
  const host = await ports.hostTransaction!()
  const join: Join = (tenantId = own) => adapter.session({ tenantId, transaction: host.transaction })
  let end: 'commit' | 'rollback' = 'rollback'
  try {
    end = await work(join)
  } finally {
    await host[end]()
  }
}

/** Sessions within a transaction that the host began, and that the host alone ends. */
export const hostTransactionsSuite: DefineSuite = (define) => {
  const defineJoining = (title: string, run: (context: CaseContext) => Promise<void>, ...more: Requirement[]): void =>
    define(title, run, hostTransaction, ...more)

  define(
    'what is no transaction of the host is refused, never silently ignored',
    async ({ adapter, tenantId, session }) => {
      const failure = await failureOf(async () => {
        const joined = adapter.session({ tenantId, transaction: { none: 'of the host' } })
        await insertRows(joined, specimen, [specimenRow(idAt(1))])
      })
      assert(failure !== undefined, 'the write went through, and no transaction of the host can undo it')
      const { error } = failure
      const refused = error instanceof TypeError || isCrmError(error, 'unsupported')
      assert(refused, `expected a TypeError or the error unsupported, got ${show(error)}`)
      assertEqual(await matchingIds(session, specimen), [], 'rows after it')
    },
  )

  defineJoining('what a session wrote is there when the host commits', async (context) => {
    const { session } = context
    await insertRows(session, specimen, [specimenRow(idAt(1), { score: 1 })])
    await inHostTransaction(context, async (join) => {
      const joined = join()
      const results = await joined.write([
        { do: 'patch', entity, id: idAt(1), add: { score: 1 }, ifVersion: 1 },
        { do: 'insert', entity: specimenNote.name, row: { id: idAt(1), specimenId: idAt(1) } },
      ])
      assertEqual(results[0], { id: idAt(1), version: 2, values: { score: 2 } }, 'result of the patch')
      assertEqual((await readRow(joined, specimen, idAt(1))).score, 2, 'score read inside')
      assertEqual(
        await matchingIds(joined, specimen, { op: 'eq', path: 'score', value: 2 }),
        [idAt(1)],
        'rows found inside',
      )
      return 'commit'
    })
    await assertRow(session, specimen, idAt(1), { version: 2, stage: 'open', score: 2 }, 'the row after the commit')
    assertEqual(await matchingIds(session, specimenNote), [idAt(1)], 'notes after the commit')
  })

  defineJoining('nothing is left, and nobody outside ever saw it, when the host rolls back', async (context) => {
    const { session, adapter, tenantId } = context
    await insertRows(session, specimen, [specimenRow(idAt(1), { score: 1 })])
    const outside = adapter.session({ tenantId })
    // Not awaited inside: on a single connection the read may have to wait for the transaction to end.
    const reads: Promise<(Row | undefined)[]>[] = []
    await inHostTransaction(context, async (join) => {
      const joined = join()
      await joined.write([{ do: 'patch', entity, id: idAt(1), set: { score: 2 } }])
      reads.push(outside.getMany(entity, [idAt(1)]))
      await joined.write([{ do: 'insert', entity, row: specimenRow(idAt(2)) }])
      return 'rollback'
    })
    const [seen] = await Promise.all(reads)
    assertEqual(
      seen?.map((row) => row?.score),
      [1],
      'score read outside during the transaction',
    )
    await assertRow(session, specimen, idAt(1), { version: 1, stage: 'open', score: 1 }, 'the row after the rollback')
    assertEqual(await matchingIds(session, specimen), [idAt(1)], 'rows after the rollback')
  })

  defineJoining('a batch that fails leaves nothing, and the host may go on and commit the rest', async (context) => {
    await inHostTransaction(context, async (join) => {
      const joined = join()
      await insertRows(joined, specimen, [specimenRow(idAt(1))])
      await assertFails(
        () =>
          joined.write([
            { do: 'insert', entity, row: specimenRow(idAt(2)) },
            { do: 'insert', entity, row: specimenRow(idAt(1)) },
          ]),
        'conflict',
        { reason: 'exists', writeIndex: 1 },
        'a batch with an id that exists',
      )
      await insertRows(joined, specimen, [specimenRow(idAt(3))])
      return 'commit'
    })
    assertEqual(await matchingIds(context.session, specimen), [idAt(1), idAt(3)], 'rows after the commit')
  })

  defineJoining('sessions of two tenants join one transaction, each with its own rows', async (context) => {
    const other = context.newTenant()
    await inHostTransaction(context, async (join) => {
      const [ours, theirs] = [join(), join(other.tenantId)]
      await insertRows(ours, specimen, [specimenRow(idAt(1), { name: 'ours' })])
      await insertRows(theirs, specimen, [specimenRow(idAt(1), { name: 'theirs' })])
      assertEqual((await readRow(ours, specimen, idAt(1))).name, 'ours', 'our name read inside')
      return 'commit'
    })
    assertEqual((await readRow(context.session, specimen, idAt(1))).name, 'ours', 'our name after the commit')
    assertEqual((await readRow(other.session, specimen, idAt(1))).name, 'theirs', 'their name after the commit')
  })

  defineJoining(
    'an inner transaction that throws undoes its own part alone',
    async (context) => {
      await inHostTransaction(context, async (join) => {
        const joined = join()
        await insertRows(joined, specimen, [specimenRow(idAt(1))])
        await failureOf(() =>
          joined.transaction!(async (inner) => {
            await insertRows(inner, specimen, [specimenRow(idAt(2))])
            throw new Error('rolled back')
          }),
        )
        await joined.transaction!((inner) => insertRows(inner, specimen, [specimenRow(idAt(3))]))
        return 'commit'
      })
      assertEqual(await matchingIds(context.session, specimen), [idAt(1), idAt(3)], 'rows after the commit')
    },
    transaction,
  )

  defineJoining(
    'load joins too',
    async (context) => {
      for (const [index, end] of (['rollback', 'commit'] as const).entries()) {
        await inHostTransaction(context, async (join) => {
          await join().load!(entity, [[specimenRow(idAt(index + 1))]])
          return end
        })
      }
      assertEqual(await matchingIds(context.session, specimen), [idAt(2)], 'rows after a rollback and a commit')
    },
    load,
  )

  defineJoining(
    'the feed tells of what the host committed, and of nothing it rolled back',
    async (context) => {
      const { session, capabilities } = context
      for (const [index, end] of (['rollback', 'commit'] as const).entries()) {
        await inHostTransaction(context, async (join) => {
          await insertRows(join(), specimen, [specimenRow(idAt(index + 1))])
          return end
        })
      }
      const feed = await readAllChanges(session, capabilities, { until: namesRecords(1) })
      assertEqual([...new Set(feed.map(({ id }) => id))], [idAt(2)], 'records in the feed')
    },
    changes,
  )
}
