import { type CallOptions, invalidField, throwIfAborted } from '@rapport/core/storage'
import type { PostgresConnection, PostgresDriver } from './driver.js'
import type { StorageTables } from './storage-tables.js'

/** How far back the change feed is kept. */
export interface PruneChangesOptions extends CallOptions {
  /** An instant such as `2026-03-01T10:00:00.000Z`: entries of transactions that began earlier are removed. */
  readonly before: string
}

/** How the feed is reached. */
export interface FeedAccess {
  /** Sees the entries of all tenants. */
  readonly all: PostgresConnection
  /** Changes the entries of one. */
  readonly driverOf: (tenantId: string) => PostgresDriver
}

/** Entries looked at in one transaction, each of which stands for a part of a batch. */
const entriesAtOnce = 1_000

/**
 * Removes old entries of the change feed, tenant by tenant along the primary key, so that the cost follows what is removed. The last
 * entry removed stays as a mark without ids: a poller whose position lies before it gets an error instead of a gap, and one that
 * lies behind goes on undisturbed. Returns the number of entries removed.
 */
export async function pruneChanges(
  { all, driverOf }: FeedAccess,
  tables: StorageTables,
  { before, signal }: PruneChangesOptions,
): Promise<{ removed: number }> {
  if (typeof before !== 'string' || Number.isNaN(Date.parse(before))) {
    throw invalidField('before', 'expected an instant such as 2026-03-01T10:00:00.000Z')
  }
  let removed = 0
  let tenantId = await nextTenant(all, tables, '')
  while (tenantId !== undefined) {
    throwIfAborted(signal)
    const here = tenantId
    const { count, more } = await driverOf(here).transaction((on) => pruneTenant(on, tables, here, before))
    removed += count
    if (!more) tenantId = await nextTenant(all, tables, tenantId)
  }
  return { removed }
}

async function nextTenant(on: PostgresConnection, tables: StorageTables, after: string): Promise<string | undefined> {
  const text = `select min("tenant_id") from ${tables.feed} where "tenant_id" > $1::text`
  const { rows } = await on.query({ text, values: [after] })
  return (rows[0]?.[0] as string | null | undefined) ?? undefined
}

/** Removes the old entries at the front, up to the first that must stay or has not come into readers' sight. */
async function pruneTenant(
  on: PostgresConnection,
  { feed, feedOrder: { column, type, horizonSql } }: StorageTables,
  tenantId: string,
  before: string,
): Promise<{ count: number; more: boolean }> {
  const { rows } = await on.query({
    text:
      `select ${column}::text as position, "seq"::text as number, case when "entity" = '' then "versions"[1] else cardinality("ids") end as places, ` +
      `"entity" = '' as mark, count(*) over () as entries from (` +
      `select *, bool_and("at" < $2::timestamptz and ${column} < ${horizonSql}) over (order by ${column}, "seq") as old ` +
      `from (select * from ${feed} where "tenant_id" = $1::text order by ${column}, "seq" limit ${entriesAtOnce}) as head` +
      `) as entry where old order by entry.${column} desc, entry."seq" desc limit 1`,
    values: [tenantId, before],
  })
  const [last] = rows
  if (!last) return { count: 0, more: false }
  const [position, seq, places, isMark, entries] = last as [string, string, unknown, boolean, unknown]
  const place = [tenantId, position, seq]
  const { rows: deleted } = await on.query({
    text:
      `delete from ${feed} where "tenant_id" = $1::text and (${column}, "seq") < ($2::${type}, $3::bigint) ` +
      `returning "entity" = ''`,
    values: place,
  })
  const count = deleted.filter(([wasMark]) => wasMark !== true).length
  if (isMark) return { count, more: false }
  await on.query({
    text:
      `update ${feed} set "entity" = '', "deleted" = false, "ids" = '{}', "versions" = array[$4::bigint] ` +
      `where "tenant_id" = $1::text and ${column} = $2::${type} and "seq" = $3::bigint`,
    values: [...place, Number(places)],
  })
  return { count: count + 1, more: Number(entries) === entriesAtOnce }
}
