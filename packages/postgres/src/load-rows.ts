import { type LoadOptions, type NewRow, throwIfAborted } from '@rapport/core/storage'
import { toCrmError } from './postgres-errors.js'
import type { SessionConnection } from './session-connection.js'
import { feedInsertSql, feedRowSql } from './sql-feed.js'
import { insertSql, returning, sourceColumns } from './sql-write-group.js'
import type { StorageTables } from './storage-tables.js'
import { writeBatch } from './write-batch.js'
import { sourceValues, writeSource } from './write-source.js'

/**
 * Loads a stream of rows batch by batch, each in one statement with one JSON parameter. A row that is replaced counts its version up, as
 * `upsert` does.
 */
export async function loadRows(
  connection: SessionConnection,
  tables: StorageTables,
  tenantId: string,
  entity: string,
  rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
  { onExisting = 'error', signal }: LoadOptions,
): Promise<{ loaded: number; skipped: number }> {
  const verb = onExisting === 'replace' ? 'upsert' : 'insert'
  const count = { loaded: 0, skipped: 0 }
  throwIfAborted(signal)
  tables.require(entity)
  for await (const given of rows) {
    throwIfAborted(signal)
    if (given.length === 0) continue
    const batch = tables.filledRows(entity, given)
    try {
      if (onExisting === 'skip') {
        const loaded = await insertMissing(connection, tables, tenantId, entity, batch)
        count.loaded += loaded
        count.skipped += batch.length - loaded
      } else {
        await writeBatch(
          connection,
          tables,
          tenantId,
          batch.map((row) => ({ do: verb, entity, row })),
        )
        count.loaded += batch.length
      }
    } catch (error) {
      throw toCrmError(error)
    }
  }
  return count
}

/** Inserts the rows whose id is not there yet, and says how many those were. */
async function insertMissing(
  connection: SessionConnection,
  tables: StorageTables,
  tenantId: string,
  entity: string,
  rows: readonly NewRow[],
): Promise<number> {
  const numbered = rows.map((row, index) => ({ write: { do: 'insert', entity, row } as const, index }))
  const group = { table: tables.require(entity), kind: 'insert', key: '', members: numbered } as const
  const columns = sourceColumns(group)
  const insert = insertSql(group.table, '$1::text', columns, writeSource(columns, rows.length === 1, 1))
  const feed = feedInsertSql(tables.feed, [feedRowSql('$1::text', entity, false, 'w', false)])
  const text =
    `with w as (${insert} on conflict ("tenant_id", "id") do nothing${returning}), feed as (${feed}) ` +
    'select count(*) from w'
  const statement = tables.statement(text, [tenantId, ...sourceValues(columns, rows)])
  const { rows: counted } = await connection.attempt(
    (on) => on.query(statement),
    async (_, error) => {
      throw error
    },
  )
  return Number(counted[0]?.[0])
}
