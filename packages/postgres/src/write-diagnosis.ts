import {
  type CrmError,
  checkFailed,
  idExists,
  type Row,
  rowMissing,
  uniqueConflict,
  validationError,
  versionConflict,
  type Write,
  writtenId,
} from '@rapport/core/storage'
import type { PostgresConnection } from './driver.js'
import { rowOf } from './row-mapping.js'
import type { EntityTable, TableColumn, TableIndex } from './schema/tables.js'
import { parameterTypes } from './sql-binds.js'
import { quoteIdentifier } from './sql-identifier.js'
import { columnList, selectByIds } from './sql-query.js'

/** What the diagnosis of a failed batch works with. */
export interface FailedBatch {
  readonly connection: PostgresConnection
  readonly tenantId: string
  readonly tableOf: (entity: string) => EntityTable
  /** See the profile. */
  readonly skipScans: boolean
  readonly batch: readonly Write[]
  /** Name of the constraint that was broken, when it was one. */
  readonly constraint: string | undefined
}

/**
 * Says why a batch failed: the first write, in the order of the batch, whose row is not as it must be, or whose unique values another
 * row has. Runs after the batch was undone. `undefined` when nothing is wrong any more: somebody was in between, so try again.
 */
export async function diagnoseBatch(failed: FailedBatch): Promise<CrmError | undefined> {
  const errors = [await presenceError(failed), await sumError(failed), await uniqueError(failed)].filter(
    (error) => error !== undefined,
  )
  return errors.sort((left, right) => (left.details.writeIndex ?? 0) - (right.details.writeIndex ?? 0))[0]
}

async function presenceError({
  connection,
  tenantId,
  tableOf,
  skipScans,
  batch,
}: FailedBatch): Promise<CrmError | undefined> {
  const versions = new Map<string, Map<string, number>>()
  for (const entity of new Set(batch.map((write) => write.entity))) {
    const ids = batch.filter((write) => write.entity === entity).map(writtenId)
    const { rows } = await connection.query({
      text: selectByIds(tableOf(entity), '"id", "version"', skipScans),
      values: [tenantId, ids],
    })
    versions.set(entity, new Map(rows.map((row) => [row[0] as string, Number(row[1])])))
  }
  for (const [index, write] of batch.entries()) {
    const known = versions.get(write.entity)
    const id = writtenId(write)
    const error = rowError(write, id, index, known?.get(id))
    if (error) return error
    if (write.do === 'insert') known?.set(id, 1)
  }
  return undefined
}

function rowError(write: Write, id: string, index: number, version: number | undefined): CrmError | undefined {
  switch (write.do) {
    case 'insert':
      return version === undefined ? undefined : idExists(write.entity, id, index)
    case 'upsert':
      return undefined
    case 'check': {
      const holds =
        typeof write.is === 'number' ? version === write.is : (version !== undefined) === (write.is === 'present')
      return holds ? undefined : checkFailed(write.entity, id, index)
    }
    default:
      if (version === undefined) return rowMissing(write.entity, id, index)
      return write.ifVersion === undefined || write.ifVersion === version
        ? undefined
        : versionConflict(write.entity, id, index, version)
  }
}

/** A sum that a number cannot hold exactly, or at all. */
async function sumError(failed: FailedBatch): Promise<CrmError | undefined> {
  for (const [index, write] of failed.batch.entries()) {
    if (write.do !== 'patch' || !write.add) continue
    const table = failed.tableOf(write.entity)
    const columns = [table.column('id')!, ...Object.keys(write.add).map((path) => table.column(path)!)]
    const before = (await readByIds(failed, table, columns, [write.id])).get(write.id)
    for (const [path, addend] of Object.entries(write.add)) {
      const sum = ((before?.[path] as number | undefined) ?? 0) + addend
      if (table.column(path)?.type === 'int' ? Number.isSafeInteger(sum) : Number.isFinite(sum)) continue
      const issue = { path, message: 'the sum is too large to be exact; add less' }
      return validationError([issue], { entity: write.entity, id: write.id, writeIndex: index })
    }
  }
  return undefined
}

async function uniqueError(failed: FailedBatch): Promise<CrmError | undefined> {
  for (const entity of new Set(failed.batch.map((write) => write.entity))) {
    const table = failed.tableOf(entity)
    const index = table.indexes.find(({ name }) => name === failed.constraint)
    if (index) return (await offender(failed, table, index)) ?? uniqueConflict(entity, index.declared)
  }
  return undefined
}

/** Goes through the batch in its order, keeping who holds which values of the index. */
async function offender(failed: FailedBatch, table: EntityTable, index: TableIndex): Promise<CrmError | undefined> {
  const columns = [table.column('id')!, ...index.on.map((path) => table.column(path)!)]
  const writes = [...failed.batch.entries()].filter(
    ([, write]) => write.entity === table.def.name && write.do !== 'check',
  )
  const stored = await readByIds(
    failed,
    table,
    columns,
    writes.map(([, write]) => writtenId(write)),
  )
  const wanted = writes.map(([position, write]) => ({
    position,
    write,
    row: rowAfter(write, stored.get(writtenId(write))),
  }))
  const holders = new Map<string, string>()
  for (const row of await readHolders(
    failed,
    table,
    columns,
    wanted.flatMap(({ row }) => (row && keyOf(index, row) ? [row] : [])),
  )) {
    holders.set(keyOf(index, row)!, row.id)
  }
  for (const { position, write, row } of wanted) {
    const id = writtenId(write)
    const before = stored.get(id)
    const old = before && keyOf(index, before)
    if (old !== undefined && holders.get(old) === id) holders.delete(old)
    const key = row && keyOf(index, row)
    if (key === undefined) continue
    if (holders.has(key)) return uniqueConflict(table.def.name, index.declared, position, id)
    holders.set(key, id)
  }
  return undefined
}

/** What the index will see of a row once it is written; `undefined` when it is deleted. */
function rowAfter(write: Write, before: Row | undefined): Row | undefined {
  if (write.do === 'insert' || write.do === 'upsert') return { version: 1, ...write.row }
  return write.do === 'patch' ? { version: 1, ...before, ...write.set, id: write.id } : undefined
}

function keyOf(index: TableIndex, row: Row): string | undefined {
  const values = index.on.map((path) => row[path] ?? null)
  return values.includes(null) ? undefined : JSON.stringify(values)
}

async function readByIds(
  { connection, tenantId, skipScans }: FailedBatch,
  table: EntityTable,
  columns: readonly TableColumn[],
  ids: readonly string[],
): Promise<Map<string, Row>> {
  const { rows } = await connection.query({
    text: selectByIds(table, columnList(columns), skipScans),
    values: [tenantId, ids],
  })
  return new Map(rows.map((values) => [values[0] as string, rowOf(columns, values)]))
}

async function readHolders(
  { connection, tenantId }: FailedBatch,
  table: EntityTable,
  columns: readonly TableColumn[],
  wanted: readonly Row[],
): Promise<Row[]> {
  const keys = columns.slice(1)
  const types = keys.map(({ path, type }) => `${quoteIdentifier(path)} ${parameterTypes[type]}`)
  const matches = keys.map(({ sql, path }) => `t.${sql} = r.${quoteIdentifier(path)}`)
  const { rows } = await connection.query({
    text:
      `select ${columns.map(({ sql }) => `t.${sql}`).join(', ')} from ${table.sql} as t, jsonb_to_recordset($2::jsonb) as r(${types.join(', ')}) ` +
      `where t."tenant_id" = $1::text and ${matches.join(' and ')}`,
    values: [tenantId, JSON.stringify(wanted)],
  })
  return rows.map((values) => rowOf(columns, values))
}
