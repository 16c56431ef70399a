import { isCrmError, type Row } from '@rapport/core/storage'
import { assert, assertEqual, assertFails, failureOf } from '../assertion.js'
import { namesRecords, readAllChanges } from './change-feed.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { assertRow, matchingIds, readRow } from './reading.js'
import { changes, transaction } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { concurrently, insertRows } from './writing.js'

const entity = specimen.name

/** Interactive transactions, where the adapter has them. */
export const transactionsSuite: DefineSuite = (define, rounds) => {
  const defineTransaction = (title: string, run: Parameters<DefineCase>[1]): void => define(title, run, transaction)

  defineTransaction('what a transaction wrote is there when it returns, with its value', async ({ session }) => {
    const value = await session.transaction!(async (inner) => {
      await insertRows(inner, specimen, [specimenRow(idAt(1), { score: 1 })])
      await inner.write([{ do: 'insert', entity: specimenNote.name, row: { id: idAt(1), specimenId: idAt(1) } }])
      return 'done'
    })
    assertEqual(value, 'done', 'value of the transaction')
    await assertRow(session, specimen, idAt(1), { version: 1, stage: 'open', score: 1 }, 'the row')
    assertEqual(await matchingIds(session, specimenNote), [idAt(1)], 'notes')
  })

  defineTransaction('a transaction that throws leaves nothing, and its error comes through', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1), { score: 1 }), specimenRow(idAt(2))])
    const reason = new Error('changed my mind')
    const failure = await failureOf(() =>
      session.transaction!(async (inner) => {
        await inner.write([{ do: 'patch', entity, id: idAt(1), set: { score: 2 } }])
        await inner.write([{ do: 'delete', entity, id: idAt(2) }])
        await inner.write([{ do: 'insert', entity, row: specimenRow(idAt(3)) }])
        throw reason
      }),
    )
    assert(failure?.error === reason, 'the transaction did not throw the error of its work')
    assertEqual(await matchingIds(session, specimen), [idAt(1), idAt(2)], 'rows after it')
    await assertRow(session, specimen, idAt(1), { version: 1, stage: 'open', score: 1 }, 'the patched row after it')
  })

  defineTransaction('a batch that fails inside fails the transaction', async ({ session }) => {
    await assertFails(
      () =>
        session.transaction!(async (inner) => {
          await insertRows(inner, specimen, [specimenRow(idAt(1))])
          await inner.write([{ do: 'delete', entity, id: idAt(99) }])
        }),
      'not_found',
      { writeIndex: 0 },
      'a transaction with a failing batch',
    )
    assertEqual(await matchingIds(session, specimen), [], 'rows after it')
  })

  defineTransaction('a transaction sees its own writes', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1), { score: 1 }), specimenRow(idAt(2))])
    await session.transaction!(async (inner) => {
      await inner.write([{ do: 'patch', entity, id: idAt(1), add: { score: 1 } }])
      await inner.write([{ do: 'delete', entity, id: idAt(2) }])
      await inner.write([{ do: 'insert', entity, row: specimenRow(idAt(3), { score: 2 }) }])
      assertEqual((await readRow(inner, specimen, idAt(1))).score, 2, 'score read inside')
      const found = await matchingIds(inner, specimen, { op: 'eq', path: 'score', value: 2 })
      assertEqual(found, [idAt(1), idAt(3)], 'rows found inside')
      await inner.write([{ do: 'patch', entity, id: idAt(1), add: { score: 1 }, ifVersion: 2 }])
    })
    assertEqual((await readRow(session, specimen, idAt(1))).score, 3, 'score after it')
  })

  defineTransaction('a transaction inside another undoes its own part alone when it throws', async ({ session }) => {
    await session.transaction!(async (outer) => {
      await insertRows(outer, specimen, [specimenRow(idAt(1))])
      await failureOf(() =>
        outer.transaction!(async (inner) => {
          await insertRows(inner, specimen, [specimenRow(idAt(2))])
          throw new Error('rolled back')
        }),
      )
      await outer.transaction!((inner) => insertRows(inner, specimen, [specimenRow(idAt(3))]))
      assertEqual(await matchingIds(outer, specimen), [idAt(1), idAt(3)], 'rows found between the two')
    })
    assertEqual(await matchingIds(session, specimen), [idAt(1), idAt(3)], 'rows after it')
  })

  defineTransaction('nobody outside ever sees what was rolled back', async ({ session, adapter, tenantId }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1), { score: 1 })])
    const outside = adapter.session({ tenantId })
    // Not awaited inside: on a single connection the read may have to wait for the transaction to end.
    const reads: Promise<(Row | undefined)[]>[] = []
    await failureOf(() =>
      session.transaction!(async (inner) => {
        await inner.write([{ do: 'patch', entity, id: idAt(1), set: { score: 2 } }])
        reads.push(outside.getMany(entity, [idAt(1)]))
        await inner.write([{ do: 'patch', entity, id: idAt(1), set: { score: 3 } }])
        throw new Error('rolled back')
      }),
    )
    const [seen] = await Promise.all(reads)
    assertEqual(
      seen?.map((row) => row?.score),
      [1],
      'score read outside during the transaction',
    )
  })

  defineTransaction('no update is lost among concurrent transactions that check versions', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1), { score: 0 })])
    const each = rounds(2, 5)
    const increment = async (): Promise<void> => {
      for (let attempt = 0; attempt < 200; attempt++) {
        const failure = await failureOf(() =>
          session.transaction!(async (inner) => {
            const row = await readRow(inner, specimen, idAt(1))
            const set = { score: Number(row.score) + 1 }
            await inner.write([{ do: 'patch', entity, id: idAt(1), set, ifVersion: row.version }])
          }),
        )
        if (!failure) return
        const { error } = failure
        const again = isCrmError(error, 'conflict') || (isCrmError(error, 'storage_failed') && error.details.retriable)
        if (!again) throw error
      }
      throw new Error('a transaction was turned away 200 times')
    }
    const outcomes = await concurrently(4, async () => {
      for (let count = 0; count < each; count++) await increment()
    })
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    assertEqual((await readRow(session, specimen, idAt(1))).score, 4 * each, 'score after all transactions')
  })

  define(
    'a rolled-back transaction feeds no change',
    async ({ session, capabilities }) => {
      await insertRows(session, specimen, [specimenRow(idAt(1))])
      const before = await readAllChanges(session, capabilities, { until: namesRecords(1) })
      await failureOf(() =>
        session.transaction!(async (inner) => {
          await inner.write([{ do: 'patch', entity, id: idAt(1), set: { score: 1 } }])
          throw new Error('rolled back')
        }),
      )
      const after = before.at(-1)?.position
      assertEqual(await readAllChanges(session, capabilities, { after }), [], 'entries behind it')
    },
    transaction,
    changes,
  )
}
