import { invalidField } from '@rapport/core/storage'
import { type EntityTable, storedColumns, type TableColumn } from './schema/tables.js'
import { parameterTypes } from './sql-binds.js'
import type { WriteGroup } from './write-groups.js'
import type { SourceColumn, SourceRow, WriteSource } from './write-source.js'

type PatchGroup = Extract<WriteGroup, { kind: 'patch' }>
type CheckGroup = Extract<WriteGroup, { kind: 'check' }>

/** Key of an expected version among the fields of a write; no declared path begins so. */
const expectedVersion = '?version'

const idColumn: SourceColumn = { key: 'id', type: 'text' }
const versionColumn: SourceColumn = { key: expectedVersion, type: 'bigint' }

/** The integers that JavaScript keeps exactly; a sum outside leaves the row unmatched. */
const exactIntegers = `${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`

/** The columns that a group's rows bring along. Throws `validation_failed` for a path that is not declared. */
export function sourceColumns(group: WriteGroup): SourceColumn[] {
  switch (group.kind) {
    case 'insert':
    case 'upsert':
      return group.paths.map((path) => sourceColumn(requireColumn(group.table, path)))
    case 'patch': {
      const { set, add, max, min } = group.members[0]!.write
      const columns = [set, add, max, min].flatMap((part) => columnsOf(group.table, part)).map(sourceColumn)
      return [idColumn, ...columns, ...(isVersioned(group) ? [versionColumn] : [])]
    }
    default:
      return isVersioned(group) ? [idColumn, versionColumn] : [idColumn]
  }
}

/** The rows of a group, by the keys of {@link sourceColumns}. */
export function sourceRows(group: WriteGroup): SourceRow[] {
  switch (group.kind) {
    case 'insert':
    case 'upsert':
      return group.members.map(({ write }) => write.row)
    case 'patch':
      return group.members.map(({ write: { id, set, add, max, min, ifVersion } }) => {
        return { ...set, ...add, ...max, ...min, id, [expectedVersion]: ifVersion }
      })
    case 'delete':
      return group.members.map(({ write }) => ({ id: write.id, [expectedVersion]: write.ifVersion }))
    case 'check':
      return group.members.map(({ write }) => ({ id: write.id, [expectedVersion]: write.is }))
  }
}

/** One group as part of a statement, which gives back `id`, `version` and, where the database computes any, `values`. */
export function groupSql(
  group: WriteGroup,
  tenant: string,
  columns: readonly SourceColumn[],
  source: WriteSource,
): string {
  const { table } = group
  switch (group.kind) {
    case 'insert':
      return insertSql(table, tenant, columns, source) + returning
    case 'upsert':
      return insertSql(table, tenant, columns, source) + replaceExisting(table) + returning
    case 'patch':
      return patchSql(group, tenant, source)
    case 'delete':
      return `delete from ${table.sql} as t${source.from('using')} where ${matchSql(group, tenant, source)} returning t."id", t."version"`
    case 'check':
      return checkSql(group, tenant, source)
  }
}

/** What the parts of a statement that write whole rows give back. */
export const returning = ' returning "id", "version"'

/** The insert of whole rows, up to what becomes of rows that exist. */
export function insertSql(
  table: EntityTable,
  tenant: string,
  columns: readonly SourceColumn[],
  source: WriteSource,
): string {
  const paths = columns.map(({ key }) => key).filter((path) => path !== 'version')
  const version = insertedVersion(columns, source)
  const targets = ['"tenant_id"', '"version"', ...paths.map((path) => requireColumn(table, path).sql)]
  const values = [tenant, version, ...paths.map(source.value)]
  return `insert into ${table.sql} as t (${targets.join(', ')}) select ${values.join(', ')}${source.from('from')}`
}

/** The version of a row that is inserted: the one it brings along, or the first. */
export function insertedVersion(columns: readonly SourceColumn[], source: WriteSource): string {
  return columns.some(({ key }) => key === 'version') ? `coalesce(${source.value('version')}, 1)` : '1'
}

/** What becomes of rows that exist: every column as the new row has it, and the next version. */
function replaceExisting(table: EntityTable): string {
  const columns = storedColumns(table).filter(({ path }) => path !== 'id' && path !== 'version')
  const assignments = ['"version" = t."version" + 1', ...columns.map(({ sql }) => `${sql} = excluded.${sql}`)]
  return ` on conflict ("tenant_id", "id") do update set ${assignments.join(', ')}`
}

/** Paths whose new value the database decides. */
export function computedPaths(group: WriteGroup): string[] {
  if (group.kind !== 'patch') return []
  const { add, max, min } = group.members[0]!.write
  return [add, max, min].flatMap((part) => Object.keys(part ?? {}).sort())
}

function patchSql(group: PatchGroup, tenant: string, source: WriteSource): string {
  const { table, members } = group
  const { set, add, max, min, touch } = members[0]!.write
  const sum = ({ sql, path }: TableColumn): string => `coalesce(t.${sql}, 0) + ${source.value(path)}`
  const assignments = [
    touch === false ? '"version" = t."version"' : '"version" = t."version" + 1',
    ...columnsOf(table, set).map(({ sql, path }) => `${sql} = ${source.value(path)}`),
    ...columnsOf(table, add).map((column) => `${column.sql} = ${sum(column)}`),
    ...columnsOf(table, max).map(({ sql, path }) => `${sql} = greatest(t.${sql}, ${source.value(path)})`),
    ...columnsOf(table, min).map(({ sql, path }) => `${sql} = least(t.${sql}, ${source.value(path)})`),
  ]
  const exact = columnsOf(table, add).filter(({ type }) => type === 'int')
  const conditions = [
    matchSql(group, tenant, source),
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
function checkSql(group: CheckGroup, tenant: string, source: WriteSource): string {
  const { is } = group.members[0]!.write
  const lock = typeof is === 'number' ? ' for share of t' : is === 'present' ? ' for key share of t' : ''
  return `select t."id", t."version" from ${group.table.sql} as t${source.from(',')} where ${matchSql(group, tenant, source)}${lock}`
}

function matchSql(group: WriteGroup, tenant: string, source: WriteSource): string {
  const version = isVersioned(group) ? ` and t."version" = ${source.value(expectedVersion)}` : ''
  return `t."tenant_id" = ${tenant} and t."id" = ${source.value('id')}${version}`
}

function isVersioned(group: WriteGroup): boolean {
  const { write } = group.members[0]!
  return write.do === 'check' ? typeof write.is === 'number' : 'ifVersion' in write && write.ifVersion !== undefined
}

function columnsOf(table: EntityTable, part: object | undefined): TableColumn[] {
  if (part === undefined) return []
  return Object.keys(part)
    .sort()
    .map((path) => requireColumn(table, path))
}

/** The column of a path. Throws `validation_failed` when it is not declared. */
export function requireColumn(table: EntityTable, path: string): TableColumn {
  const column = table.column(path)
  if (!column) throw invalidField(path, `${table.def.name} has no such field; use a declared path`)
  return column
}

function sourceColumn({ path, type }: TableColumn): SourceColumn {
  return { key: path, type: parameterTypes[type] }
}
