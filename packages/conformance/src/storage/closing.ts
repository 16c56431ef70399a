import type { StorageAdapter, StorageSession, Write } from '@rapport/core/storage'
import { assert, assertEqual, assertFails } from '../assertion.js'
import type { StorageConformanceOptions } from '../storage-conformance-options.js'
import { namesRecords, readAllChanges } from './change-feed.js'
import type { FreshTenant } from './conformance-case.js'
import { assertRow, queryOf } from './reading.js'
import { changes, durable, type Requirement, reopen, unique } from './requirement.js'
import { grownSpecimenDefs, idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

interface ClosingCase {
  readonly name: string
  readonly run: () => Promise<void>
  readonly requirements: readonly Requirement[]
}

interface ClosingScene {
  readonly adapter: StorageAdapter
  readonly options: StorageConformanceOptions
  readonly newTenant: () => FreshTenant
}

/** The last cases of a run, and how to close what they opened. */
export interface Closing {
  readonly cases: readonly ClosingCase[]
  end(): Promise<void>
}

const entity = specimen.name
const [keptId, patchedId, deletedId] = [idAt(1), idAt(2), idAt(3)]
const kept = specimenRow(keptId, {
  name: 'kept',
  score: 7,
  at: '2026-03-01T10:00:00.123Z',
  tags: ['a'],
  uniqueKey: 'taken',
})
const lastWork: readonly Write[] = [
  { do: 'patch', entity, id: patchedId, set: { score: 2 }, add: { rank: 3 } },
  { do: 'delete', entity, id: deletedId },
  { do: 'insert', entity: specimenNote.name, row: { id: keptId, specimenId: keptId } },
]

/** The cases in the order they must have: they close the shared adapter, and go on with one that is opened after it. */
export function defineClosing({ adapter, options, newTenant }: ClosingScene): Closing {
  const { capabilities } = adapter
  const tenant = newTenant()
  let position: string | undefined
  let again: StorageAdapter | undefined
  const reopened = (): StorageSession => {
    assert(again !== undefined, 'this case needs the one that opens the storage again')
    return again.session({ tenantId: tenant.tenantId })
  }

  const cases: readonly ClosingCase[] = [
    {
      name: 'closing: rows are written, then the storage is closed twice',
      requirements: [],
      run: async () => {
        await adapter.apply(await adapter.plan(grownSpecimenDefs))
        await insertRows(tenant.session, specimen, [kept, specimenRow(patchedId), specimenRow(deletedId)])
        if (capabilities.changes !== 'none') {
          const feed = await readAllChanges(tenant.session, capabilities, { until: namesRecords(3) })
          position = feed.at(-1)?.position
        }
        await tenant.session.write(lastWork)
        await adapter.close()
        await adapter.close()
      },
    },
    {
      name: 'closing: calls after close fail with storage_failed',
      requirements: [],
      run: async () => {
        await adapter.close()
        const { session } = tenant
        const fails = (what: string, call: () => unknown): Promise<void> =>
          assertFails(call, 'storage_failed', {}, `${what} after close`)
        await fails('getMany', () => session.getMany(entity, [keptId]))
        await fails('find', () => session.find(queryOf(specimen)))
        await fails('write', () => session.write([{ do: 'delete', entity, id: keptId }]))
        await fails('plan', () => adapter.plan(grownSpecimenDefs))
        await fails('a session made later', async () => newTenant().session.find(queryOf(specimen)))
        await fails('tenants', async () => {
          for await (const tenantId of adapter.tenants()) assertEqual(typeof tenantId, 'string', 'a tenant id')
        })
      },
    },
    {
      name: 'closing: an acknowledged row is there when the storage is opened again',
      requirements: [durable, reopen],
      run: async () => {
        await adapter.close()
        again = await options.reopen!(adapter)
        await again.open()
        const plan = await again.plan(grownSpecimenDefs)
        assertEqual(plan.steps, [], 'steps of the plan after reopening')
        const session = reopened()
        await assertRow(session, specimen, keptId, { ...kept, version: 1 }, 'the row after reopening')
        const note = { version: 1, specimenId: keptId }
        await assertRow(session, specimenNote, keptId, note, 'the row of another entity after reopening')
        await assertRow(session, specimen, deletedId, undefined, 'the deleted row after reopening')
        assertEqual(await listsTenant(again, tenant.tenantId), true, 'whether the tenant is listed after reopening')
      },
    },
    {
      name: 'closing: versions count on when the storage is opened again',
      requirements: [durable, reopen],
      run: async () => {
        const session = reopened()
        const patched = { version: 2, stage: 'open', score: 2, rank: 3 }
        await assertRow(session, specimen, patchedId, patched, 'the patched row after reopening')
        const stale: Write = { do: 'patch', entity, id: patchedId, set: { score: 9 }, ifVersion: 1 }
        await assertFails(
          () => session.write([stale]),
          'conflict',
          { reason: 'version' },
          'a write at a version of before',
        )
        const results = await session.write([{ do: 'patch', entity, id: patchedId, add: { rank: 1 }, ifVersion: 2 }])
        assertEqual(results, [{ id: patchedId, version: 3, values: { rank: 4 } }], 'results of a write after reopening')
      },
    },
    {
      name: 'closing: unique values stay taken when the storage is opened again',
      requirements: [durable, reopen, unique],
      run: async () => {
        const session = reopened()
        const row = specimenRow(idAt(9), { uniqueKey: 'taken' })
        const insert: Write = { do: 'insert', entity, row }
        await assertFails(() => session.write([insert]), 'conflict', { reason: 'unique' }, 'a value taken before')
      },
    },
    {
      name: 'closing: the change feed goes on behind the place reached before the storage was closed',
      requirements: [durable, reopen, changes],
      run: async () => {
        const session = reopened()
        await session.write([{ do: 'insert', entity, row: specimenRow(idAt(5)) }])
        const feed = await readAllChanges(session, capabilities, { after: position, until: namesRecords(4) })
        const records = new Set(feed.map((change) => `${change.kind} ${change.entity} ${change.id}`))
        const expected = [
          `put ${entity} ${patchedId}`,
          `delete ${entity} ${deletedId}`,
          `put ${specimenNote.name} ${keptId}`,
          `put ${entity} ${idAt(5)}`,
        ]
        assertEqual([...records].sort(), expected.sort(), 'records in the feed behind the place reached')
      },
    },
  ]
  return { cases, end: async () => again?.close() }
}

async function listsTenant(adapter: StorageAdapter, tenantId: string): Promise<boolean> {
  for await (const listed of adapter.tenants()) if (listed === tenantId) return true
  return false
}
