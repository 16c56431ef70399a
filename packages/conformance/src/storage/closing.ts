import type { StorageAdapter } from '@rapport/core/storage'
import { assert, assertEqual, assertFails } from '../assertion.js'
import type { StorageConformanceOptions } from '../storage-conformance-options.js'
import type { FreshTenant } from './conformance-case.js'
import { assertRow, queryOf } from './reading.js'
import { durable, type Requirement } from './requirement.js'
import { grownSpecimenDefs, idAt, specimen, specimenRow } from './specimen.js'
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

/** The last cases of a run, in the order they must have: they close the shared adapter. */
export function defineClosing({ adapter, options, newTenant }: ClosingScene): readonly ClosingCase[] {
  const reopenGiven: Requirement = () => (options.reopen ? undefined : 'no reopen option is given')
  let kept: FreshTenant | undefined
  const row = specimenRow(idAt(1), { name: 'kept', score: 7, at: '2026-03-01T10:00:00.123Z', tags: ['a'] })

  return [
    {
      name: 'closing: rows are written, then the storage is closed twice',
      requirements: [],
      run: async () => {
        await adapter.apply(await adapter.plan(grownSpecimenDefs))
        kept = newTenant()
        await insertRows(kept.session, specimen, [row])
        await adapter.close()
        await adapter.close()
      },
    },
    {
      name: 'closing: calls after close fail with storage_failed',
      requirements: [],
      run: async () => {
        await adapter.close()
        const session = kept?.session
        assert(session !== undefined, 'this case needs the one before it')
        const fails = (what: string, call: () => unknown): Promise<void> =>
          assertFails(call, 'storage_failed', {}, `${what} after close`)
        await fails('getMany', () => session.getMany(specimen.name, [row.id]))
        await fails('find', () => session.find(queryOf(specimen)))
        await fails('write', () => session.write([{ do: 'delete', entity: specimen.name, id: row.id }]))
        await fails('plan', () => adapter.plan(grownSpecimenDefs))
        await fails('a session made later', async () => newTenant().session.find(queryOf(specimen)))
        await fails('tenants', async () => {
          for await (const tenantId of adapter.tenants()) assertEqual(typeof tenantId, 'string', 'a tenant id')
        })
      },
    },
    {
      name: 'closing: an acknowledged row is there when the storage is opened again',
      requirements: [durable, reopenGiven],
      run: async () => {
        await adapter.close()
        assert(options.reopen !== undefined && kept !== undefined, 'this case needs the ones before it')
        const again = await options.reopen(adapter)
        try {
          await again.open()
          const plan = await again.plan(grownSpecimenDefs)
          assertEqual(plan.steps, [], 'steps of the plan after reopening')
          const session = again.session({ tenantId: kept.tenantId })
          await assertRow(session, specimen, row.id, { ...row, version: 1 }, 'the row after reopening')
        } finally {
          await again.close()
        }
      },
    },
  ]
}
