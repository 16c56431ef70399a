import type { NewRow, Scalar, WriteResult } from '@rapport/core/storage'
import type { QueryResult, SqlValue } from './driver.js'
import type { EntityTable } from './schema/tables.js'
import { feedInsertSql, feedRowSql, loneFeedRowSql } from './sql-feed.js'
import { computedPaths, groupSql, insertedVersion, sourceColumns, sourceRows } from './sql-write-group.js'
import type { WriteGroup } from './write-groups.js'
import { type SourceColumn, sourceValues, writeSource } from './write-source.js'

/** One statement that carries out some groups of a batch, all or nothing, and tells the change feed. */
export interface WriteStatement {
  readonly text: string
  readonly values: readonly SqlValue[]
  /**
   * Puts the outcome of each write at its position in the batch, from the rows that came back. False when a row to change was not as
   * expected.
   */
  readonly collect: (answer: QueryResult, results: WriteResult[]) => boolean
}

/** What statements of the same shape share: the text, and the columns that each group's parameters come from. */
interface WriteTemplate {
  readonly text: string
  readonly columns: readonly (readonly SourceColumn[])[]
}

/** Templates kept; beyond that, all are forgotten and made anew as they come. */
const templateLimit = 1_000

/** Turns groups into statements. Writing the text of a statement costs as much as a fast statement itself, so texts are kept by shape. */
export class WriteCompiler {
  readonly #feedTable: string
  readonly #templates = new Map<string, WriteTemplate>()

  constructor(feedTable: string) {
    this.#feedTable = feedTable
  }

  /**
   * Where `countsRows`, the number of rows written says enough of a lone write at a known version, and none are returned: that is a
   * third of its time. Throws `validation_failed` for a path that is not declared.
   */
  compile(tenantId: string, groups: readonly WriteGroup[], countsRows = false): WriteStatement {
    const counted = countsRows && isCountable(groups)
    const [first] = groups
    const shape = groups.length === 1 && first ? first.key : groups.map((group) => group.key).join('\n\n')
    const key = counted ? `counted\n${shape}` : shape
    let template = this.#templates.get(key)
    if (!template) {
      template = writeTemplate(this.#feedTable, groups, counted)
      if (this.#templates.size >= templateLimit) this.#templates.clear()
      this.#templates.set(key, template)
    }
    const { text, columns } = template
    const values: SqlValue[] = [tenantId]
    for (const [number, group] of groups.entries()) values.push(...sourceValues(columns[number]!, sourceRows(group)))
    for (const group of guardedGroups(groups)) values.push(expectedCount(group))
    return {
      text,
      values,
      collect: (answer, results) =>
        counted ? collectCounted(groups, answer, results) : collectResults(groups, answer.rows, results),
    }
  }
}

/**
 * Groups as one statement: each is a data-modifying part, so the batch takes one round trip and no `begin` and `commit`. Where several
 * rows must all be as expected, the statement divides by zero unless they were, which undoes it: SQL has no shorter word for
 * "or else abort". A lone row needs no such guard: when it does not match, nothing has happened.
 */
function writeTemplate(feedTable: string, groups: readonly WriteGroup[], counted: boolean): WriteTemplate {
  const tenant = '$1::text'
  const columns = groups.map(sourceColumns)
  let parameters = 1
  const sources = groups.map((group, number) => {
    const source = writeSource(columns[number]!, group.members.length === 1, parameters)
    parameters += source.size
    return source
  })
  const parts = groups.map((group, number) => {
    const source = sources[number]!
    return `w${number} as (${groupSql(group, tenant, columns[number]!, source)})`
  })
  const feed = groups.flatMap((group, number) => {
    const isLone = group.members.length === 1
    if (group.kind === 'check') return []
    if (group.kind === 'insert' && isLone) {
      // All of it is known beforehand, so the entry need not wait for the row.
      const source = sources[number]!
      return [
        loneFeedRowSql(tenant, group.table.def.name, source.value('id'), insertedVersion(columns[number]!, source)),
      ]
    }
    return [feedRowSql(tenant, group.table.def.name, group.kind === 'delete', `w${number}`, isLone)]
  })
  const feedInsert = feed.length > 0 ? feedInsertSql(feedTable, feed) : undefined
  const guards = guardedGroups(groups).map((group, index) => {
    const count = `(select count(*) from w${groups.indexOf(group)})`
    return `1 / (case when ${count} = $${parameters + index + 1}::bigint then 1 else 0 end) = 1`
  })
  const ending = counted ? ` ${feedInsert}` : endingSql(groups, feedInsert, guards)
  return { text: `with ${parts.join(', ')}${ending}`, columns }
}

function endingSql(groups: readonly WriteGroup[], feedInsert: string | undefined, guards: readonly string[]): string {
  const returned = groups.flatMap((group, number) => {
    if (group.kind === 'insert') return []
    const values = computedPaths(group).length > 0 ? '"values"' : 'null::jsonb'
    return [`select ${number} as "group", "id", "version", ${values} as "values" from w${number}`]
  })
  if (returned.length === 0) return ` ${feedInsert}`
  const [first] = groups
  const isPlain = isAlone(groups) && first !== undefined && computedPaths(first).length === 0
  // The feed's own row tells what a single write did.
  if (isPlain && feedInsert !== undefined) return ` ${feedInsert} returning 0, "ids"[1], "versions"[1]`
  const feed = feedInsert === undefined ? '' : `, feed as (${feedInsert})`
  const guard = guards.length > 0 ? ` where ${guards.join(' and ')}` : ''
  return `${feed} select * from (${returned.join(' union all ')}) as result${guard}`
}

/** A lone patch or delete at a known version, of which the database computes nothing. */
function isCountable(groups: readonly WriteGroup[]): boolean {
  const [group] = groups
  if (!group || !isAlone(groups) || (group.kind !== 'patch' && group.kind !== 'delete')) return false
  return group.members[0]?.write.ifVersion !== undefined && computedPaths(group).length === 0
}

function collectCounted(groups: readonly WriteGroup[], { rowCount }: QueryResult, results: WriteResult[]): boolean {
  const member = groups[0]?.members[0]
  if (rowCount !== 1 || !member) return false
  const { write, index } = member
  if (write.do !== 'patch' && write.do !== 'delete') return false
  const isTouched = write.do === 'patch' && write.touch !== false
  results[index] = { id: write.id, version: write.ifVersion! + (isTouched ? 1 : 0) }
  return true
}

function isAlone(groups: readonly WriteGroup[]): boolean {
  return groups.length === 1 && groups[0]?.members.length === 1
}

/** Groups whose number of rows must be right, or else nothing may happen. */
function guardedGroups(groups: readonly WriteGroup[]): WriteGroup[] {
  return isAlone(groups) ? [] : groups.filter(({ kind }) => kind !== 'insert' && kind !== 'upsert')
}

function expectedCount(group: WriteGroup): number {
  return isAbsence(group) ? 0 : group.members.length
}

function isAbsence(group: WriteGroup): boolean {
  return group.kind === 'check' && group.members[0]?.write.is === 'absent'
}

/** The outcome of an insert, which is known beforehand. */
export function insertedResult({ id, version = 1 }: NewRow): WriteResult {
  return { id, version }
}

function collectResults(
  groups: readonly WriteGroup[],
  rows: readonly (readonly unknown[])[],
  results: WriteResult[],
): boolean {
  const found = new Map(rows.map((row) => [`${row[0]} ${row[1]}`, row]))
  for (const [number, group] of groups.entries()) {
    if (group.kind === 'insert') {
      for (const { write, index } of group.members) results[index] = insertedResult(write.row)
      continue
    }
    const isAbsent = isAbsence(group)
    const paths = computedPaths(group)
    for (const { write, index } of group.members) {
      const id = write.do === 'upsert' ? write.row.id : write.id
      const row = found.get(`${number} ${id}`)
      if ((row === undefined) !== isAbsent) return false
      const values = paths.length > 0 && row && { values: computedValues(group.table, paths, row[3] as unknown[]) }
      results[index] = { id, version: row ? Number(row[2]) : 0, ...values }
    }
  }
  return true
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
