import { assertEqual, assertFails } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { matchingIds, queryOf } from './reading.js'
import { aggregate, changes, load, search, transaction } from './requirement.js'
import { idAt, specimen, specimenDefs, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

/** A call whose signal has fired already fails with `aborted`, and changes nothing. */
export const abortingSuite: DefineSuite = (define) => {
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
}
