import { type Crm, type CrmOptions, createCrm, crmDefinitions } from '@rapport/core'
import type { StorageAdapter, StorageSession } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'
import { type TestClock, testClock } from '@rapport/core/testing'
import { postgresStorage } from '@rapport/postgres'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { freshPGlite } from '../fresh-pglite.fixture.js'

/** A CRM on one storage, with what a test needs to look behind it. */
export interface AcceptanceCrm {
  readonly crm: Crm
  readonly clock: TestClock
  readonly storage: StorageAdapter
  /** Session calls that reached the storage since it was last set to 0: statements, on PostgreSQL. */
  readonly calls: { count: number; writes: number }
  /** A tenant nobody else uses. */
  newTenant(): string
  /** Another CRM on the same storage, as the next process or one with other roles would be. Closing it leaves the storage open. */
  another(options?: Omit<CrmOptions, 'storage'>): Promise<Crm>
  /** Rows of every entity of a tenant, journal and projections too. */
  rowCounts(tenantId: string): Promise<Readonly<Record<string, number>>>
}

const storages: Readonly<Record<string, (schema: string) => StorageAdapter | Promise<StorageAdapter>>> = {
  memory: () => memoryStorage(),
  PGlite: (schema) => freshPGlite({ schema, migrate: 'auto' }),
  PostgreSQL: (schema) => postgresStorage({ connectionString: inject('postgresUrl'), schema, migrate: 'auto' }),
}

/** Runs the same tests on memory, PGlite and a PostgreSQL server. `topic` names the schema, one per file. */
export function describeOnEveryStorage(topic: string, tests: (on: () => AcceptanceCrm) => void): void {
  describe.each(Object.entries(storages))(`${topic}, on %s`, (_name, open) => {
    let on: AcceptanceCrm | undefined
    let tenants = 0
    beforeAll(async () => {
      const calls = { count: 0, writes: 0 }
      const schema = `acceptance_${topic.replaceAll(/[^a-z]+/gi, '_').toLowerCase()}`
      const storage = counting(await open(schema), calls)
      const clock = testClock()
      const crm = await createCrm({ storage, clock })
      on = {
        crm,
        clock,
        storage,
        calls,
        newTenant: () => `${topic} ${++tenants} ${crypto.randomUUID()}`,
        another: (options = {}) => createCrm({ clock, ...options, storage: keptOpen(storage) }),
        rowCounts: (tenantId) => rowCounts(storage, tenantId),
      }
    })
    afterAll(async () => on?.crm.close())
    tests(() => {
      if (!on) throw new Error('The CRM did not start')
      return on
    })
  })
}

function keptOpen(storage: StorageAdapter): StorageAdapter {
  return new Proxy(storage, {
    get(target, name) {
      if (name === 'open' || name === 'close') return async () => {}
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

async function rowCounts(storage: StorageAdapter, tenantId: string): Promise<Readonly<Record<string, number>>> {
  const session = storage.session({ tenantId })
  const counts = await Promise.all(
    crmDefinitions().map(async ({ name }) => {
      const where = { op: 'and', args: [] } as const
      const groups = await session.aggregate?.({ entity: name, where, compute: { rows: { fn: 'count' } } })
      return [name, (groups?.[0]?.values.rows as number | undefined) ?? 0] as const
    }),
  )
  return Object.fromEntries(counts)
}

function counting(storage: StorageAdapter, calls: AcceptanceCrm['calls']): StorageAdapter {
  const counted = new Set(['getMany', 'find', 'write', 'aggregate', 'search', 'load', 'changes'])
  const session = (inner: StorageSession): StorageSession =>
    new Proxy(inner, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => {
          if (counted.has(String(name))) calls.count++
          if (name === 'write') calls.writes++
          return member.apply(target, args)
        }
      },
    })
  return new Proxy(storage, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (name === 'session') return (scope: { tenantId: string }) => session(target.session(scope))
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** A member of staff with all rights. */
export const staff = { type: 'user', id: 'u_7', name: 'Grace' } as const
