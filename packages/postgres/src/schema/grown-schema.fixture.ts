import type { EntityDef, StorageAdapter } from '@rapport/core/storage'
import type pg from 'pg'
import { customer, customerTable } from '../customer.fixture.js'
import { pgDriver } from '../pg-driver.js'
import { profileOf } from '../profile/profile.js'
import { quoteIdentifier } from '../sql-identifier.js'
import { readCatalogue } from './catalogue.js'
import type { PromotedColumn } from './tables.js'

/** What a later release asks for: a field, an index on it and one on fields that were there. */
export const laterCustomer: EntityDef = {
  ...customer,
  fields: { ...customer.fields, channel: { type: 'text' } },
  indexes: [...customer.indexes, { name: 'by_channel', on: ['channel'] }, { name: 'by_name', on: ['name'] }],
}

/** What its operator promotes. */
export const promote: readonly PromotedColumn[] = [
  { entity: 'customer', field: 'custom.seats', type: 'float', order: true },
]

/** Rows enough that an index of theirs is built concurrently: more than a mebibyte. */
export const manyRows = 12_000

/** Makes the schema of the first release anew, with rows of two tenants. */
export async function makeFirstRelease(pool: pg.Pool, storage: StorageAdapter, schema: string): Promise<void> {
  await pool.query(`drop schema if exists ${quoteIdentifier(schema)} cascade`)
  await storage.apply(await storage.plan([customer]))
  await pool.query(
    `insert into ${quoteIdentifier(schema)}.${quoteIdentifier(customerTable.name)} ` +
      '("tenant_id", "id", "version", "stage", "updated_at", "name", "custom") ' +
      "select case when n % 10 = 0 then 'small' else 'large' end, 'c' || lpad(n::text, 5, '0'), 1, 'new', now(), " +
      "'customer ' || n, jsonb_build_object('seats', n % 500, 'note', 'as entered') from generate_series(1, $1) as n",
    [manyRows],
  )
}

/** All that the catalogue says of a schema, to compare two by. */
export async function describeSchema(pool: pg.Pool, schema: string): Promise<unknown> {
  const { tables } = await readCatalogue(pgDriver(pool), schema, profileOf('pglite'))
  const plain = (value: unknown): unknown =>
    value instanceof Map
      ? Object.fromEntries(
          [...value].sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]),
        )
      : value instanceof Set
        ? [...value].sort()
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
          : value
  return plain(tables)
}
