import type { NewRow } from '@rapport/core/storage'
import { copyText } from './copy-text.js'
import type { PostgresConnection } from './driver.js'
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

/**
 * Inserts rows, of which `paths` are the fields that any of them has, through `copy` and tells the change feed. To be run in a transaction,
 * on a connection that has `copy`.
 */
export async function copyRows(
  on: PostgresConnection,
  tables: StorageTables,
  tenantId: string,
  table: EntityTable,
  paths: readonly string[],
  rows: readonly NewRow[],
): Promise<void> {
  if (rows.length === 0) return
  const columns = paths.flatMap((path) => (path === 'version' ? [] : [requireColumn(table, path)]))
  const names = ['"tenant_id"', '"version"', ...columns.map(({ sql }) => sql)]
  await on.copy!(`copy ${table.sql} (${names.join(', ')}) from stdin`, copyText(tenantId, columns, rows))
  const text =
    `insert into ${tables.feed} ("tenant_id", "entity", "deleted", "ids", "versions") ` +
    'values ($1::text, $2::text, false, $3::text[], $4::bigint[])'
  const ids = arrayText(rows.map(({ id }) => id))
  const versions = arrayText(rows.map(({ version }) => version ?? 1))
  await on.query(tables.statement(text, [tenantId, table.def.name, ids, versions]))
}
