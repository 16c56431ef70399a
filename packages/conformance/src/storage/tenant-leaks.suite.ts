import type { NewRow, StorageSession, Write } from '@rapport/core/storage'
import { assertEqual, failureOf } from '../assertion.js'
import { namesRecords, readAllChanges } from './change-feed.js'
import type { CaseContext, DefineSuite } from './conformance-case.js'
import { matchingIds, queryOf, walkPages } from './reading.js'
import { aggregate, changes, indexedOrder, load, search, system, transaction } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { assertNoneFailed, concurrently, insertRows, retrying } from './writing.js'

const entity = specimen.name
const ids = [1, 2, 3, 4, 5].map(idAt)

const rowsOf = (name: string, base: number): NewRow[] =>
  ids.map((id, index) => specimenRow(id, { name, score: base + index, terms: ['ada', `${name} ${index}`] }))

/** Two tenants that hold the same ids: ours score 1 to 5, theirs 101 to 105, and theirs are the better search hits. */
async function twoTenants({
  session,
  newTenant,
}: CaseContext): Promise<{ ours: StorageSession; theirs: StorageSession }> {
  const theirs = newTenant().session
  await insertRows(theirs, specimen, rowsOf('theirs', 101))
  await insertRows(session, specimen, rowsOf('ours', 1))
  return { ours: session, theirs }
}

async function scoresOf(session: StorageSession): Promise<unknown[]> {
  const rows = await walkPages(session, specimen, queryOf(specimen))
  return rows.map((row) => [row.name, row.score, row.version])
}

/** Every method, asked by one of two tenants that hold the same ids. */
export const tenantLeaksSuite: DefineSuite = (define, rounds) => {
  define(
    'pages hold own rows alone, and are not cut short by others',
    async (context) => {
      const { ours } = await twoTenants(context)
      for (const order of [['score'], ['-score']] as const) {
        const walked = await walkPages(ours, specimen, queryOf(specimen, { order, limit: 2 }))
        const scores = walked.map((row) => row.score)
        const expected = order[0] === 'score' ? [1, 2, 3, 4, 5] : [5, 4, 3, 2, 1]
        assertEqual(scores, expected, `scores by ${order[0]}`)
      }
    },
    indexedOrder,
  )

  define('writes of every kind reach own rows alone', async (context) => {
    const { ours, theirs } = await twoTenants(context)
    const before = await scoresOf(theirs)
    await ours.write([
      { do: 'patch', entity, id: idAt(1), set: { name: 'changed' }, ifVersion: 1 },
      { do: 'patch', entity, id: idAt(2), add: { score: 1_000 }, touch: false },
      { do: 'upsert', entity, row: specimenRow(idAt(3), { name: 'replaced' }) },
      { do: 'delete', entity, id: idAt(4) },
      { do: 'check', entity, id: idAt(5), is: 1 },
    ])
    assertEqual(await scoresOf(theirs), before, 'their rows after our batch')
    await theirs.write([{ do: 'patch', entity, id: idAt(4), set: { name: 'still theirs' }, ifVersion: 1 }])
    assertEqual(await ours.getMany(entity, [idAt(4)]), [undefined], 'our deleted row after their patch')
  })

  define(
    'an aggregate counts own rows alone',
    async (context) => {
      const { ours } = await twoTenants(context)
      const compute = {
        rows: { fn: 'count' },
        names: { fn: 'countDistinct', path: 'name' },
        total: { fn: 'sum', path: 'score' },
        greatest: { fn: 'max', path: 'score' },
      } as const
      const values = { rows: 5, names: 1, total: 15, greatest: 5 }
      assertEqual(await ours.aggregate!({ entity, compute }), [{ keys: [], values }], 'the whole')
      assertEqual(await ours.aggregate!({ entity, by: ['name'], compute }), [{ keys: ['ours'], values }], 'by name')
    },
    aggregate,
  )

  define(
    'a search finds own rows alone, and better ones of others do not crowd them out',
    async (context) => {
      const { ours } = await twoTenants(context)
      const terms = ['ada', ...ids.map((_, index) => `theirs ${index}`)]
      const hits = await ours.search!({ entity, path: 'terms', terms, atLeast: 1, limit: 3 })
      const expected = ids.slice(0, 3).map((id) => ({ id, overlap: 1 }))
      assertEqual(hits, expected, 'hits for a term of both and terms of theirs')
    },
    search,
  )

  define(
    'a feed tells of own changes, at own versions',
    async (context) => {
      const { ours, theirs } = await twoTenants(context)
      const { capabilities } = context
      const before = await readAllChanges(ours, capabilities, { until: namesRecords(5) })
      await theirs.write(ids.map((id): Write => ({ do: 'patch', entity, id, set: { rank: 1 } })))
      await theirs.write([{ do: 'delete', entity, id: idAt(3) }])
      await ours.write([{ do: 'patch', entity, id: idAt(3), set: { rank: 1 } }])
      const after = before.at(-1)?.position
      const behind = await readAllChanges(ours, capabilities, { after, until: namesRecords(1) })
      assertEqual(
        behind.map(({ id, kind, version }) => ({ id, kind, version })),
        [{ id: idAt(3), kind: 'put', version: 2 }],
        'our entries after changes of both',
      )
    },
    changes,
  )

  define(
    'load neither meets nor touches rows of others',
    async ({ session, newTenant }) => {
      const theirs = newTenant().session
      await insertRows(theirs, specimen, rowsOf('theirs', 101))
      const before = await scoresOf(theirs)
      for (const onExisting of ['error', 'skip', 'replace'] as const) {
        const fresh = onExisting === 'error' ? session : newTenant().session
        const result = await fresh.load!(entity, [rowsOf('ours', 1)], { onExisting })
        assertEqual(result, { loaded: 5, skipped: 0 }, `result of load with onExisting: ${onExisting}`)
      }
      assertEqual(await scoresOf(theirs), before, 'their rows after our loads')
    },
    load,
  )

  define(
    'a transaction is one tenant’s',
    async (context) => {
      const { ours, theirs } = await twoTenants(context)
      const before = await scoresOf(theirs)
      await ours.transaction!(async (inner) => {
        assertEqual(
          (await inner.getMany(entity, [idAt(1)])).map((row) => row?.name),
          ['ours'],
          'name read inside',
        )
        await inner.write(ids.map((id) => ({ do: 'patch', entity, id, add: { score: 1_000 } })))
        const found = await matchingIds(inner, specimen, { op: 'gt', path: 'score', value: 100 })
        assertEqual(found, ids, 'own rows found inside')
      })
      await failureOf(() =>
        ours.transaction!(async (inner) => {
          await inner.write(ids.map((id) => ({ do: 'delete', entity, id })))
          throw new Error('rolled back')
        }),
      )
      assertEqual(await scoresOf(theirs), before, 'their rows after our transactions')
    },
    transaction,
  )

  define(
    'the system reader names the tenant of each row',
    async ({ adapter, newTenant, random }) => {
      const stage = random.id()
      const tenants = [newTenant(), newTenant()]
      for (const { tenantId, session } of tenants) {
        await insertRows(session, specimen, [specimenRow(idAt(1), { stage, name: tenantId })])
      }
      const found = await adapter.system!().find(
        queryOf(specimen, { where: { op: 'eq', path: 'stage', value: stage } }),
      )
      const named = found.map(({ tenantId, row }) => [tenantId, row.name])
      const expected = tenants.map(({ tenantId }) => [tenantId, tenantId])
      assertEqual(named, expected, 'tenants and their rows')
    },
    system,
  )

  define('tenants that work at the same time do not mix', async ({ newTenant }) => {
    const tenants = Array.from({ length: 6 }, () => newTenant())
    const outcomes = await concurrently(tenants.length, async (place) => {
      const { tenantId, session } = tenants[place]!
      for (let round = 1; round <= rounds(3, 10); round++) {
        await retrying(() => session.write([{ do: 'upsert', entity, row: specimenRow(idAt(1), { name: tenantId }) }]))
        const [fetched, page] = await Promise.all([
          session.getMany(entity, [idAt(1)]),
          session.find(queryOf(specimen, { where: { op: 'eq', path: 'stage', value: 'open' } })),
        ])
        const expected = [{ id: idAt(1), version: round, stage: 'open', name: tenantId }]
        assertEqual(fetched, expected, `row read by id in round ${round}`)
        assertEqual(
          page.rows.filter((row) => row.stage === 'open'),
          expected,
          `rows found in round ${round}`,
        )
      }
    })
    assertNoneFailed(outcomes)
  })
}
