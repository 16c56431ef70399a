import { type LoadOptions, type NewRow, throwIfAborted } from '@rapport/core/storage'
import { copyRows, isWorthCopying } from './copy-rows.js'
import type { PostgresConnection } from './driver.js'
import { isCopyMissing, sqlStateOf } from './postgres-errors.js'
import type { EntityTable } from './schema/tables.js'
import type { SessionConnection } from './session-connection.js'
import { feedInsertSql, feedRowSql } from './sql-feed.js'
import { selectByIds } from './sql-query.js'
import { insertSql, returning, sourceColumns } from './sql-write-group.js'
import type { StorageTables } from './storage-tables.js'
import { writeBatch } from './write-batch.js'
import { groupWrites, usedPaths } from './write-groups.js'
import { sourceValues, writeSource } from './write-source.js'

/** Where rows are loaded, and what becomes of those whose id exists. */
interface LoadTarget {
  readonly connection: SessionConnection
  readonly tables: StorageTables
  readonly tenantId: string
  readonly entity: string
  readonly onExisting: 'error' | 'skip' | 'replace'
}

/**
 * Loads a stream of rows batch by batch, each all or nothing. The next batch is asked for when one is stored, so no more than one is
 * held. A row that is replaced counts its version up, as `upsert` does.
 */
export async function loadRows(
  connection: SessionConnection,
  tables: StorageTables,
  tenantId: string,
  entity: string,
  rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
  { onExisting = 'error', signal }: LoadOptions,
): Promise<{ loaded: number; skipped: number }> {
  const target: LoadTarget = { connection, tables, tenantId, entity, onExisting }
  const count = { loaded: 0, skipped: 0 }
  tables.require(entity)
  for await (const given of rows) {
    throwIfAborted(signal)
    if (given.length === 0) continue
    const batch = tables.filledRows(entity, given)
    const loaded = (await loadByCopy(target, batch)) ?? (await loadByInsert(target, batch))
    count.loaded += loaded
    count.skipped += batch.length - loaded
  }
  return count
}

/**
 * Copies the rows that are new, and upserts those to replace. `undefined` when the database refused, because of the rows or of others
 * who write the same ones: nothing has happened then, and the inserts say what is wrong, or get round it.
 */
async function loadByCopy(target: LoadTarget, batch: readonly NewRow[]): Promise<number | undefined> {
  const { connection, tables, entity, tenantId, onExisting } = target
  // Where none may exist, the batch of inserts does the same.
  if (onExisting === 'error' || !isWorthCopying(connection, tables, entity, batch.length)) return undefined
  const table = tables.require(entity)
  const work = async (on: PostgresConnection): Promise<number> => {
    const known = await existingIds(on, target, table, batch)
    const unique = withoutRepetition(batch, onExisting)
    const fresh = unique.filter(({ id }) => !known.has(id))
    await copyRows(on, tables, tenantId, [{ table, paths: usedPaths(fresh), rows: fresh }])
    if (onExisting === 'skip') return fresh.length
    await upsertRows(
      on,
      target,
      unique.filter(({ id }) => known.has(id)),
    )
    return batch.length
  }
  const recover = async (_: PostgresConnection, error: unknown): Promise<undefined> => {
    if (isCopyMissing(error)) tables.refuseCopy(entity)
    else if (!isRefusal(error)) throw error
  }
  return connection.attempt(work, recover, true)
}

/** Errors of the rows or of others: integrity, values, cardinality, limits of the program, serialization and deadlock. */
function isRefusal(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state !== undefined && /^(?:21|22|23|40|54)/.test(state)
}

async function existingIds(
  on: PostgresConnection,
  { tables, tenantId }: LoadTarget,
  table: EntityTable,
  batch: readonly NewRow[],
): Promise<ReadonlySet<string>> {
  const text = selectByIds(table, '"id"', tables.profile.skipScans)
  const { rows } = await on.query(tables.statement(text, [tenantId, batch.map(({ id }) => id)]))
  return new Set(rows.map((row) => row[0] as string))
}

/** Of rows with the same id, the first where existing ones are left, the last where they are replaced. */
function withoutRepetition(batch: readonly NewRow[], onExisting: 'skip' | 'replace'): readonly NewRow[] {
  const byId = new Map<string, NewRow>()
  for (const row of batch) if (onExisting === 'replace' || !byId.has(row.id)) byId.set(row.id, row)
  return byId.size === batch.length ? batch : [...byId.values()]
}

async function upsertRows(
  on: PostgresConnection,
  { tables, tenantId, entity }: LoadTarget,
  rows: readonly NewRow[],
): Promise<void> {
  if (rows.length === 0) return
  const groups = groupWrites(
    (name) => tables.require(name),
    rows.map((row) => ({ do: 'upsert', entity, row })),
  )
  const { text, values } = tables.writes.compile(tenantId, groups)
  await on.query(tables.statement(text, values))
}

async function loadByInsert(target: LoadTarget, batch: readonly NewRow[]): Promise<number> {
  const { connection, tables, tenantId, entity, onExisting } = target
  if (onExisting === 'skip') return insertMissing(target, batch)
  const rows = onExisting === 'replace' ? withoutRepetition(batch, onExisting) : batch
  const verb = onExisting === 'replace' ? 'upsert' : 'insert'
  await writeBatch(
    connection,
    tables,
    tenantId,
    rows.map((row) => ({ do: verb, entity, row })),
  )
  return batch.length
}

/** Inserts the rows whose id is not there yet, and says how many those were. */
async function insertMissing(
  { connection, tables, tenantId, entity }: LoadTarget,
  rows: readonly NewRow[],
): Promise<number> {
  const numbered = rows.map((row, index) => ({ write: { do: 'insert', entity, row } as const, index }))
  const group = {
    table: tables.require(entity),
    kind: 'insert',
    key: '',
    paths: usedPaths(rows),
    members: numbered,
  } as const
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
