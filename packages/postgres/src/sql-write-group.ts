import { invalidField, type NewRow } from '@rapport/core/storage'
import type { EntityTable, TableColumn } from './schema/tables.js'
import { parameterTypes, type SqlBinds } from './sql-binds.js'
import type { WriteGroup } from './write-groups.js'
import { type SourceColumn, type WriteSource, writeSource } from './write-source.js'

type PatchGroup = Extract<WriteGroup, { kind: 'patch' }>
type CheckGroup = Extract<WriteGroup, { kind: 'check' }>

/** Key of an expected version among the fields of a write; no declared path begins so. */
const expectedVersion = '?version'

const idColumn: SourceColumn = { key: 'id', type: 'text' }
const versionColumn: SourceColumn = { key: expectedVersion, type: 'bigint' }

/** The integers that JavaScript keeps exactly; a sum outside leaves the row unmatched. */
const exactIntegers = `${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`

/** What the parts of a statement that write whole rows give back. */
export const returning = ' returning "id", "version"'

/** One group as part of a statement, which gives back `id`, `version` and, where the database computes any, `values`. */
export function groupSql(group: WriteGroup, tenant: string, binds: SqlBinds): string {
  switch (group.kind) {
    case 'insert':
      return (
        insertSql(
          group.table,
          group.members.map(({ write }) => write.row),
          tenant,
          binds,
        ) + returning
      )
    case 'upsert': {
      const insert = insertSql(
        group.table,
        group.members.map(({ write }) => write.row),
        tenant,
        binds,
      )
      return insert + replaceExisting(group.table) + returning
    }
    case 'patch':
      return patchSql(group, tenant, binds)
    case 'delete': {
      const versioned = group.members[0]?.write.ifVersion !== undefined
      const rows = group.members.map(({ write }) => ({ id: write.id, [expectedVersion]: write.ifVersion }))
      const source = writeSource(versioned ? [idColumn, versionColumn] : [idColumn], rows, binds)
      return `delete from ${group.table.sql} as t${source.from('using')} where ${matchSql(tenant, source, versioned)} returning t."id", t."version"`
    }
    case 'check':
      return checkSql(group, tenant, binds)
  }
}

/** The insert of whole rows, up to what becomes of rows that exist. */
export function insertSql(table: EntityTable, rows: readonly NewRow[], tenant: string, binds: SqlBinds): string {
  const used = new Set<string>()
  for (const row of rows) for (const path in row) used.add(path)
  for (const path of used) requireColumn(table, path)
  const columns = table.columns.filter(({ path }) => path !== 'version' && used.has(path))
  const sourceColumns = columns.map(sourceColumn)
  if (used.has('version')) sourceColumns.push({ key: 'version', type: 'bigint' })
  const source = writeSource(sourceColumns, rows, binds)
  const version = used.has('version') ? `coalesce(${source.value('version')}, 1)` : '1'
  const targets = ['"tenant_id"', '"version"', ...columns.map(({ sql }) => sql)]
  const values = [tenant, version, ...columns.map(({ path }) => source.value(path))]
  return `insert into ${table.sql} as t (${targets.join(', ')}) select ${values.join(', ')}${source.from('from')}`
}

/** What becomes of rows that exist: every column as the new row has it, and the next version. */
function replaceExisting(table: EntityTable): string {
  const columns = table.columns.filter(({ path }) => path !== 'id' && path !== 'version')
  const assignments = ['"version" = t."version" + 1', ...columns.map(({ sql }) => `${sql} = excluded.${sql}`)]
  return ` on conflict ("tenant_id", "id") do update set ${assignments.join(', ')}`
}

/** Paths whose new value the database decides. */
export function computedPaths({ members }: PatchGroup): string[] {
  const { add, max, min } = members[0]!.write
  return [add, max, min].flatMap((part) => Object.keys(part ?? {}).sort())
}

function patchSql(group: PatchGroup, tenant: string, binds: SqlBinds): string {
  const { table, members } = group
  const { set = {}, add = {}, max = {}, min = {}, ifVersion, touch } = members[0]!.write
  const columnsOf = (part: object): TableColumn[] =>
    Object.keys(part)
      .sort()
      .map((path) => requireColumn(table, path))
  const versioned = ifVersion !== undefined
  const columns = [set, add, max, min].flatMap(columnsOf).map(sourceColumn)
  const rows = members.map(({ write }) => ({
    ...write.set,
    ...write.add,
    ...write.max,
    ...write.min,
    id: write.id,
    [expectedVersion]: write.ifVersion,
  }))
  const source = writeSource([idColumn, ...columns, ...(versioned ? [versionColumn] : [])], rows, binds)
  const sum = ({ sql, path }: TableColumn): string => `coalesce(t.${sql}, 0) + ${source.value(path)}`
  const assignments = [
    touch === false ? '"version" = t."version"' : '"version" = t."version" + 1',
    ...columnsOf(set).map(({ sql, path }) => `${sql} = ${source.value(path)}`),
    ...columnsOf(add).map((column) => `${column.sql} = ${sum(column)}`),
    ...columnsOf(max).map(({ sql, path }) => `${sql} = greatest(t.${sql}, ${source.value(path)})`),
    ...columnsOf(min).map(({ sql, path }) => `${sql} = least(t.${sql}, ${source.value(path)})`),
  ]
  const exact = columnsOf(add).filter(({ type }) => type === 'int')
  const conditions = [
    matchSql(tenant, source, versioned),
    ...exact.map((column) => `${sum(column)} between ${exactIntegers}`),
  ]
  const computed = computedPaths(group).map((path) => `t.${requireColumn(table, path).sql}`)
  const values = computed.length > 0 ? `, jsonb_build_array(${computed.join(', ')}) as "values"` : ''
  return (
    `update ${table.sql} as t set ${assignments.join(', ')}${source.from('from')} ` +
    `where ${conditions.join(' and ')} returning t."id", t."version"${values}`
  )
}

/** A row that must stay as it is until the batch commits is locked; an absent one cannot be. */
function checkSql(group: CheckGroup, tenant: string, binds: SqlBinds): string {
  const { is } = group.members[0]!.write
  const versioned = typeof is === 'number'
  const rows = group.members.map(({ write }) => ({ id: write.id, [expectedVersion]: write.is }))
  const source = writeSource(versioned ? [idColumn, versionColumn] : [idColumn], rows, binds)
  const lock = versioned ? ' for share of t' : is === 'present' ? ' for key share of t' : ''
  return `select t."id", t."version" from ${group.table.sql} as t${source.from(',')} where ${matchSql(tenant, source, versioned)}${lock}`
}

function requireColumn(table: EntityTable, path: string): TableColumn {
  const column = table.column(path)
  if (!column) throw invalidField(path, `${table.def.name} has no such field; use a declared path`)
  return column
}

function matchSql(tenant: string, source: WriteSource, versioned: boolean): string {
  const version = versioned ? ` and t."version" = ${source.value(expectedVersion)}` : ''
  return `t."tenant_id" = ${tenant} and t."id" = ${source.value('id')}${version}`
}

function sourceColumn({ path, type }: TableColumn): SourceColumn {
  return { key: path, type: parameterTypes[type] }
}
