import { invalidField, type NewRow, type Scalar, type WriteResult } from '@rapport/core/storage'
import { feedInsertSql, feedRowSql } from './change-feed.js'
import type { SqlValue } from './driver.js'
import type { EntityTable, TableColumn } from './schema/tables.js'
import { parameterTypes, SqlBinds } from './sql-binds.js'
import { quoteIdentifier } from './sql-identifier.js'
import type { WriteGroup } from './write-groups.js'

/** One statement that carries out some groups of a batch, all or nothing, and tells the change feed. */
export interface WriteStatement {
  readonly text: string
  readonly values: readonly SqlValue[]
  /** The outcome from the rows that came back, by position in the batch; `undefined` when a row to change was not as expected. */
  readonly results: (rows: readonly (readonly unknown[])[]) => Map<number, WriteResult> | undefined
}

/** A parameter column of the rows that are written. */
interface SourceColumn {
  readonly key: string
  readonly type: string
}

type PatchGroup = Extract<WriteGroup, { kind: 'patch' }>
type CheckGroup = Extract<WriteGroup, { kind: 'check' }>
type RowGroup = Extract<WriteGroup, { kind: 'insert' | 'upsert' }>

/** Key of an expected version among the fields of a patch; no declared path begins so. */
const expectedVersion = '?version'

/**
 * Writes groups as one statement: each is a data-modifying part, so the batch takes one round trip and no `begin` and `commit`.
 * Where several rows must all be as expected, the statement divides by zero unless they were, which undoes it: SQL has no
 * shorter word for "or else abort". A lone row needs no such guard: when it does not match, nothing has happened.
 */
export function compileWrite(tenantId: string, feedTable: string, groups: readonly WriteGroup[]): WriteStatement {
  const binds = new SqlBinds()
  const tenant = binds.add(tenantId, 'text')
  const alone = groups.length === 1 && groups[0]?.members.length === 1
  const parts: string[] = []
  const feed: string[] = []
  const returned: string[] = []
  const guards: string[] = []
  for (const [number, group] of groups.entries()) {
    const part = `w${number}`
    parts.push(`${part} as (${groupSql(group, tenant, binds)})`)
    const single = group.members.length === 1
    if (group.kind !== 'check')
      feed.push(feedRowSql(tenant, group.table.def.name, group.kind === 'delete', part, single))
    if (group.kind === 'insert') continue
    const values = group.kind === 'patch' && computedPaths(group).length > 0 ? '"values"' : 'null::jsonb'
    returned.push(`select ${number} as "group", "id", "version", ${values} as "values" from ${part}`)
    if (!alone && group.kind !== 'upsert') {
      const expected = isAbsence(group) ? 0 : group.members.length
      guards.push(
        `1 / (case when (select count(*) from ${part}) = ${binds.add(expected, 'bigint')} then 1 else 0 end) = 1`,
      )
    }
  }
  const feedInsert = feedInsertSql(feedTable, feed)
  const text =
    returned.length === 0
      ? `with ${parts.join(', ')} ${feedInsert}`
      : `with ${[...parts, ...(feed.length > 0 ? [`feed as (${feedInsert})`] : [])].join(', ')} ` +
        `select * from (${returned.join(' union all ')}) as result${guards.length > 0 ? ` where ${guards.join(' and ')}` : ''}`
  return { text, values: binds.values, results: (rows) => readResults(groups, rows) }
}

function groupSql(group: WriteGroup, tenant: string, binds: SqlBinds): string {
  switch (group.kind) {
    case 'insert':
      return `${insertSql(group.table, rowsOf(group), tenant, binds)}${returning}`
    case 'upsert':
      return `${insertSql(group.table, rowsOf(group), tenant, binds)}${replaceExisting(group.table)}${returning}`
    case 'patch':
      return patchSql(group, tenant, binds)
    case 'delete': {
      const versioned = group.members[0]?.write.ifVersion !== undefined
      const rows = group.members.map(({ write }) => ({ id: write.id, [expectedVersion]: write.ifVersion }))
      const source = sourceSql(versioned ? [idColumn, versionColumn] : [idColumn], rows, binds)
      return `delete from ${group.table.sql} as t using ${source} where ${matchSql(tenant, versioned)} returning t."id", t."version"`
    }
    case 'check':
      return checkSql(group, tenant, binds)
  }
}

const idColumn: SourceColumn = { key: 'id', type: 'text' }
const versionColumn: SourceColumn = { key: expectedVersion, type: 'bigint' }

/** The insert of whole rows, up to what becomes of rows that exist. */
export function insertSql(table: EntityTable, rows: readonly NewRow[], tenant: string, binds: SqlBinds): string {
  const used = new Set<string>()
  for (const row of rows) for (const path in row) used.add(path)
  for (const path of used) requireColumn(table, path)
  const columns = table.columns.filter(({ path }) => path !== 'version' && used.has(path))
  const source = columns.map(sourceColumn)
  if (used.has('version')) source.push({ key: 'version', type: 'bigint' })
  const version = used.has('version') ? 'coalesce(r."version", 1)' : '1'
  const targets = ['"tenant_id"', '"version"', ...columns.map(({ sql }) => sql)]
  const values = [tenant, version, ...columns.map(({ path }) => `r.${quoteIdentifier(path)}`)]
  return `insert into ${table.sql} as t (${targets.join(', ')}) select ${values.join(', ')} from ${sourceSql(source, rows, binds)}`
}

function rowsOf(group: RowGroup): NewRow[] {
  return group.members.map(({ write }) => write.row)
}

/** What becomes of rows that exist: every column as the new row has it, and the next version. */
export function replaceExisting(table: EntityTable): string {
  const columns = table.columns.filter(({ path }) => path !== 'id' && path !== 'version')
  const assignments = ['"version" = t."version" + 1', ...columns.map(({ sql }) => `${sql} = excluded.${sql}`)]
  return ` on conflict ("tenant_id", "id") do update set ${assignments.join(', ')}`
}

/** What the parts of a statement that write whole rows give back. */
export const returning = ' returning "id", "version"'

function patchSql(group: PatchGroup, tenant: string, binds: SqlBinds): string {
  const { table, members } = group
  const first = members[0]!.write
  const assignments = [first.touch === false ? '"version" = t."version"' : '"version" = t."version" + 1']
  const columns: SourceColumn[] = [idColumn]
  const assign = (
    part: Readonly<Record<string, unknown>> | undefined,
    assigned: (column: TableColumn, given: string) => string,
  ): void => {
    for (const path of Object.keys(part ?? {}).sort()) {
      const column = requireColumn(table, path)
      columns.push(sourceColumn(column))
      assignments.push(`${column.sql} = ${assigned(column, `r.${quoteIdentifier(path)}`)}`)
    }
  }
  assign(first.set, (_, given) => given)
  assign(first.add, ({ sql }, given) => `coalesce(t.${sql}, 0) + ${given}`)
  assign(first.max, ({ sql }, given) => `greatest(t.${sql}, ${given})`)
  assign(first.min, ({ sql }, given) => `least(t.${sql}, ${given})`)
  const versioned = first.ifVersion !== undefined
  if (versioned) columns.push(versionColumn)
  const sums = Object.keys(first.add ?? {})
    .map((path) => requireColumn(table, path))
    .filter(({ type }) => type === 'int')
    .map(({ sql, path }) => ` and coalesce(t.${sql}, 0) + r.${quoteIdentifier(path)} between ${exactIntegers}`)
  const rows = members.map(({ write }) => ({
    ...write.set,
    ...write.add,
    ...write.max,
    ...write.min,
    id: write.id,
    [expectedVersion]: write.ifVersion,
  }))
  const computed = computedPaths(group).map((path) => `t.${table.column(path)!.sql}`)
  const values = computed.length > 0 ? `, jsonb_build_array(${computed.join(', ')}) as "values"` : ''
  return (
    `update ${table.sql} as t set ${assignments.join(', ')} from ${sourceSql(columns, rows, binds)} ` +
    `where ${matchSql(tenant, versioned)}${sums.join('')} returning t."id", t."version"${values}`
  )
}

/** A row that must stay as it is until the batch commits is locked; an absent one cannot be. */
function checkSql(group: CheckGroup, tenant: string, binds: SqlBinds): string {
  const { is } = group.members[0]!.write
  const versioned = typeof is === 'number'
  const rows = group.members.map(({ write }) => ({ id: write.id, [expectedVersion]: write.is }))
  const source = sourceSql(versioned ? [idColumn, versionColumn] : [idColumn], rows, binds)
  const lock = versioned ? ' for share of t' : is === 'present' ? ' for key share of t' : ''
  return `select t."id", t."version" from ${group.table.sql} as t, ${source} where ${matchSql(tenant, versioned)}${lock}`
}

/** The integers that JavaScript keeps exactly; a sum outside leaves the row unmatched. */
const exactIntegers = `${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`

function requireColumn(table: EntityTable, path: string): TableColumn {
  const column = table.column(path)
  if (!column) throw invalidField(path, `${table.def.name} has no such field; use a declared path`)
  return column
}

function matchSql(tenant: string, versioned: boolean): string {
  const version = versioned ? ` and t."version" = r.${quoteIdentifier(expectedVersion)}` : ''
  return `t."tenant_id" = ${tenant} and t."id" = r."id"${version}`
}

function sourceColumn({ path, type }: TableColumn): SourceColumn {
  return { key: path, type: parameterTypes[type] }
}

/** The rows as a relation `r`: one row as typed parameters, more as a single JSON parameter, whatever their number. */
function sourceSql(
  columns: readonly SourceColumn[],
  rows: readonly Readonly<Record<string, unknown>>[],
  binds: SqlBinds,
): string {
  const [only] = rows
  if (rows.length === 1 && only) {
    const values = columns.map(({ key, type }) => binds.add(parameterValue(only[key], type), type))
    return `(values (${values.join(', ')})) as r(${columns.map(({ key }) => quoteIdentifier(key)).join(', ')})`
  }
  const json = binds.add(JSON.stringify(rows), 'jsonb')
  return `jsonb_to_recordset(${json}) as r(${columns.map(({ key, type }) => `${quoteIdentifier(key)} ${type}`).join(', ')})`
}

function parameterValue(value: unknown, type: string): SqlValue {
  if (value === undefined || value === null) return null
  return type === 'jsonb' ? JSON.stringify(value) : (value as SqlValue)
}

function isAbsence(group: WriteGroup): boolean {
  return group.kind === 'check' && group.members[0]?.write.is === 'absent'
}

/** Paths whose new value the database decides. */
function computedPaths({ members }: PatchGroup): string[] {
  const { add, max, min } = members[0]!.write
  return [add, max, min].flatMap((part) => Object.keys(part ?? {}).sort())
}

function readResults(
  groups: readonly WriteGroup[],
  rows: readonly (readonly unknown[])[],
): Map<number, WriteResult> | undefined {
  const found = groups.map(() => new Map<string, readonly unknown[]>())
  for (const row of rows) found[Number(row[0])]?.set(row[1] as string, row)
  const results = new Map<number, WriteResult>()
  for (const [number, group] of groups.entries()) {
    if (group.kind === 'insert') {
      for (const { write, index } of group.members)
        results.set(index, { id: write.row.id, version: write.row.version ?? 1 })
      continue
    }
    const absence = isAbsence(group)
    const paths = group.kind === 'patch' ? computedPaths(group) : []
    for (const { write, index } of group.members) {
      const id = write.do === 'upsert' ? write.row.id : write.id
      const row = found[number]?.get(id)
      if ((row === undefined) !== absence) return undefined
      const values =
        paths.length > 0 && row ? { values: computedValues(group.table, paths, row[3] as unknown[]) } : undefined
      results.set(index, { id, version: row ? Number(row[2]) : 0, ...values })
    }
  }
  return results
}

function computedValues(
  table: EntityTable,
  paths: readonly string[],
  values: readonly unknown[],
): Record<string, Scalar> {
  const entries = paths.map((path, index): [string, Scalar] => {
    const value = values[index] as Scalar
    return [path, table.column(path)?.type === 'instant' ? new Date(value as string).toISOString() : value]
  })
  return Object.fromEntries(entries)
}
