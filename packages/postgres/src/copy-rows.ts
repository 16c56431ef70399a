import type { NewRow } from '@rapport/core/storage'
import { copyText } from './copy-text.js'
import type { PostgresConnection, SqlValue } from './driver.js'
import type { EntityTable } from './schema/tables.js'
import type { SessionConnection } from './session-connection.js'
import { requireColumn } from './sql-write-group.js'
import type { StorageTables } from './storage-tables.js'
import { arrayText } from './wire-message.js'

/** Rows from which `copy`, which takes more round trips than an insert, is the faster way. */
const copyThreshold = 200

/** Whether so many rows of an entity are best inserted through `copy`. */
export function isWorthCopying(
  connection: SessionConnection,
  tables: StorageTables,
  entity: string,
  rows: number,
): boolean {
  return rows >= copyThreshold && connection.copies && tables.mayCopy(entity)
}

/** New rows of a table, of which `paths` are the fields that any of them has. */
export interface CopiedRows {
  readonly table: EntityTable
  readonly paths: readonly string[]
  readonly rows: readonly NewRow[]
}

/**
 * Inserts rows, table by table, through `copy` and tells the change feed of all of them at once. To be run in a transaction, on a
 * connection that has `copy`.
 */
export async function copyRows(
  on: PostgresConnection,
  tables: StorageTables,
  tenantId: string,
  copied: readonly CopiedRows[],
): Promise<void> {
  const filled = copied.filter(({ rows }) => rows.length > 0)
  if (filled.length === 0) return
  for (const { table, paths, rows } of filled) {
    const columns = paths.flatMap((path) => (path === 'version' ? [] : [requireColumn(table, path)]))
    const names = ['"tenant_id"', '"version"', ...columns.map(({ sql }) => sql)]
    await on.copy!(`copy ${table.sql} (${names.join(', ')}) from stdin`, copyText(tenantId, columns, rows))
  }
  const values: SqlValue[] = [tenantId]
  const lines = filled.map(({ table, rows }) => {
    const ids = arrayText(rows.map(({ id }) => id))
    const versions = arrayText(rows.map(({ version }) => version ?? 1))
    const last = values.push(table.def.name, ids, versions)
    return `($1::text, $${last - 2}::text, false, $${last - 1}::text[], $${last}::bigint[])`
  })
  const columns = '("tenant_id", "entity", "deleted", "ids", "versions")'
  await on.query(tables.statement(`insert into ${tables.feed} ${columns} values ${lines.join(', ')}`, values))
}
