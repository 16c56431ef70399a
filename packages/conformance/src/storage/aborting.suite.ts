import { isCrmError, type NewRow } from '@rapport/core/storage'
import { assert, assertEqual, assertFails, failureOf, show } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { matchingIds, queryOf } from './reading.js'
import { aggregate, changes, load, search, transaction } from './requirement.js'
import { idAt, specimen, specimenDefs, specimenRow } from './specimen.js'
import { insertRows, pause } from './writing.js'

const entity = specimen.name

/** A call whose signal has fired fails with `aborted` and changes nothing; one whose signal fires meanwhile does all or nothing. */
export const abortingSuite: DefineSuite = (define, rounds) => {
  const fired = (): { signal: AbortSignal } => ({ signal: AbortSignal.abort(new Error('the caller left')) })

  define('reads', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    await assertFails(() => session.getMany(entity, [idAt(1)], fired()), 'aborted', {}, 'getMany')
    await assertFails(() => session.find({ ...queryOf(specimen), ...fired() }), 'aborted', {}, 'find')
  })

  define('writes', async ({ session }) => {
    const write = { do: 'insert', entity, row: specimenRow(idAt(1)) } as const
    await assertFails(() => session.write([write], fired()), 'aborted', {}, 'write')
    assertEqual(await matchingIds(session, specimen), [], 'rows after it')
  })

  define('a signal that has not fired is no hindrance', async ({ session }) => {
    const { signal } = new AbortController()
    await session.write([{ do: 'insert', entity, row: specimenRow(idAt(1)) }], { signal })
    const page = await session.find({ ...queryOf(specimen), signal })
    assertEqual(page.rows.length, 1, 'rows found')
  })

  define('plan and tenants', async ({ adapter }) => {
    await assertFails(() => adapter.plan(specimenDefs, fired()), 'aborted', {}, 'plan')
    await assertFails(() => adapter.tenants(fired())[Symbol.asyncIterator]().next(), 'aborted', {}, 'tenants')
  })

  define(
    'aggregate',
    async ({ session }) => {
      const question = { entity, compute: { rows: { fn: 'count' } }, ...fired() } as const
      await assertFails(() => session.aggregate!(question), 'aborted', {}, 'aggregate')
    },
    aggregate,
  )

  define(
    'search',
    async ({ session }) => {
      const question = { entity, path: 'terms', terms: ['a'], atLeast: 1, limit: 1, ...fired() }
      await assertFails(() => session.search!(question), 'aborted', {}, 'search')
    },
    search,
  )

  define(
    'changes',
    async ({ session }) => {
      await assertFails(() => session.changes!(undefined, 10, fired()), 'aborted', {}, 'changes')
    },
    changes,
  )

  define(
    'load',
    async ({ session }) => {
      await assertFails(() => session.load!(entity, [[specimenRow(idAt(1))]], fired()), 'aborted', {}, 'load')
      assertEqual(await matchingIds(session, specimen), [], 'rows after it')
    },
    load,
  )

  define(
    'transaction',
    async ({ session }) => {
      let ran = false
      const work = async (): Promise<void> => {
        ran = true
      }
      await assertFails(() => session.transaction!(work, fired()), 'aborted', {}, 'transaction')
      assertEqual(ran, false, 'whether the work of the transaction ran')
    },
    transaction,
  )

  define('a signal that fires during a write leaves all of it or nothing', async ({ newTenant, random }) => {
    for (let round = 0; round < rounds(4, 12); round++) {
      const { session } = newTenant()
      const rows = Array.from({ length: 40 }, (_, index) => specimenRow(idAt(index + 1)))
      const writes = rows.map((row) => ({ do: 'insert', entity, row }) as const)
      const controller = new AbortController()
      const written = failureOf(() => session.write(writes, { signal: controller.signal }))
      await pause(random.integer(0, 3))
      controller.abort(new Error('the caller left'))
      const failure = await written
      const { length } = await matchingIds(session, specimen)
      if (failure) {
        assert(isCrmError(failure.error, 'aborted'), `expected the error aborted, got ${show(failure.error)}`)
        assert(
          length === 0 || length === rows.length,
          `${length} of ${rows.length} rows of an aborted batch are stored`,
        )
      } else assertEqual(length, rows.length, 'rows of a batch that went through')
    }
  })

  define('a read whose signal fires meanwhile answers whole or fails with aborted', async ({ session, random }) => {
    await insertRows(
      session,
      specimen,
      Array.from({ length: 200 }, (_, index) => specimenRow(idAt(index + 1))),
    )
    for (let round = 0; round < rounds(4, 12); round++) {
      const controller = new AbortController()
      const read = session.find({ ...queryOf(specimen), signal: controller.signal }).then(
        ({ rows }) => rows.length,
        (error: unknown) => error,
      )
      await pause(random.integer(0, 2))
      controller.abort(new Error('the caller left'))
      const outcome = await read
      const sound = outcome === 200 || isCrmError(outcome, 'aborted')
      assert(sound, `expected 200 rows or the error aborted, got ${show(outcome)}`)
    }
    assertEqual((await session.find(queryOf(specimen))).rows.length, 200, 'rows found afterwards')
  })

  define(
    'load stops between two batches when its signal fires',
    async ({ session }) => {
      const controller = new AbortController()
      const batchOf = (from: number): NewRow[] => [0, 1, 2].map((offset) => specimenRow(idAt(from + offset)))
      async function* batches(): AsyncGenerator<NewRow[]> {
        yield batchOf(1)
        controller.abort(new Error('the caller left'))
        yield batchOf(11)
        yield batchOf(21)
      }
      await assertFails(
        () => session.load!(entity, batches(), { signal: controller.signal }),
        'aborted',
        {},
        'a load whose signal fires',
      )
      const stored = await matchingIds(session, specimen)
      const first = batchOf(1).map((row) => row.id)
      // An adapter that reads ahead may still be busy with the first batch when the signal fires.
      assertEqual(stored, stored.length === 0 ? [] : first, 'rows stored')
    },
    load,
  )

  define(
    'a transaction whose signal fires inside goes through whole or fails with aborted and leaves nothing',
    async ({ session }) => {
      const controller = new AbortController()
      const failure = await failureOf(() =>
        session.transaction!(
          async (inner) => {
            await insertRows(inner, specimen, [specimenRow(idAt(1))])
            controller.abort(new Error('the caller left'))
            await insertRows(inner, specimen, [specimenRow(idAt(2))])
          },
          { signal: controller.signal },
        ),
      )
      if (failure)
        assert(isCrmError(failure.error, 'aborted'), `expected the error aborted, got ${show(failure.error)}`)
      assertEqual(await matchingIds(session, specimen), failure ? [] : [idAt(1), idAt(2)], 'rows after it')
      await insertRows(session, specimen, [specimenRow(idAt(3))])
    },
    transaction,
  )
}
