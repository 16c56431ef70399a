import type { NewRow, StorageSession, Write } from '@rapport/core/storage'
import type { PostgresStorageAdapter } from '@rapport/postgres'
import { customer } from '../src/customer.fixture.js'

export const entity = customer.name
export const tenantId = 'acme'

/** A row of the entity that all tests of this folder store. */
export const row = (id: string, fields: object = {}): NewRow => ({
  id,
  stage: 'new',
  updatedAt: '2026-03-01T10:00:00.000Z',
  ...fields,
})

export const insert = (id: string, fields: object = {}): Write => ({ do: 'insert', entity, row: row(id, fields) })

/** Rows `<prefix>00000` and on. */
export const rows = (count: number, prefix = 'c', fields: (n: number) => object = () => ({})): NewRow[] =>
  Array.from({ length: count }, (_, n) => row(`${prefix}${String(n).padStart(5, '0')}`, fields(n)))

/** Opens a storage and brings its schema up to date. */
export async function opened<S extends PostgresStorageAdapter>(closed: S | Promise<S>): Promise<S> {
  const storage = await closed
  await storage.open()
  await storage.apply(await storage.plan([customer]))
  return storage
}

/** How many rows a tenant has. */
export async function countOf(session: StorageSession): Promise<number> {
  const [group] = await session.aggregate!({ entity, compute: { rows: { fn: 'count' } } })
  return group?.values.rows as number
}

/** Ids of the change feed from a position on, once the feed has so many. */
export async function feedIds(session: StorageSession, after?: string): Promise<string[]> {
  const ids: string[] = []
  let position = after
  for (;;) {
    const page = await session.changes!(position, 1_000)
    ids.push(...page.map(({ id }) => id))
    if (page.length < 1_000) return ids
    position = page.at(-1)?.position
  }
}

/** What a promise rejects with; fails when it resolves. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await call
  } catch (error) {
    return error
  }
  throw new Error(`expected a failure, got ${JSON.stringify(value)}`)
}
