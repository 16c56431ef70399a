import type { Scalar, WriteResult } from '@rapport/core/storage'
import { feedInsertSql, feedRowSql } from './change-feed.js'
import type { SqlValue } from './driver.js'
import type { EntityTable } from './schema/tables.js'
import { SqlBinds } from './sql-binds.js'
import { computedPaths, groupSql } from './sql-write-group.js'
import type { WriteGroup } from './write-groups.js'

/** One statement that carries out some groups of a batch, all or nothing, and tells the change feed. */
export interface WriteStatement {
  readonly text: string
  readonly values: readonly SqlValue[]
  /** The outcome from the rows that came back, by position in the batch; `undefined` when a row to change was not as expected. */
  readonly results: (rows: readonly (readonly unknown[])[]) => Map<number, WriteResult> | undefined
}

/**
 * Writes groups as one statement: each is a data-modifying part, so the batch takes one round trip and no `begin` and `commit`.
 * Where several rows must all be as expected, the statement divides by zero unless they were, which undoes it: SQL has no
 * shorter word for "or else abort". A lone row needs no such guard: when it does not match, nothing has happened.
 */
export function compileWrite(tenantId: string, feedTable: string, groups: readonly WriteGroup[]): WriteStatement {
  const binds = new SqlBinds()
  const tenant = binds.add(tenantId, 'text')
  const parts = groups.map((group, number) => `w${number} as (${groupSql(group, tenant, binds)})`)
  const feed = groups.flatMap((group, number) => {
    const { def } = group.table
    const single = group.members.length === 1
    return group.kind === 'check' ? [] : [feedRowSql(tenant, def.name, group.kind === 'delete', `w${number}`, single)]
  })
  const ending = isLone(groups)
    ? loneEnding(groups[0]!, feedInsertSql(feedTable, feed))
    : guardedEnding(groups, feed.length > 0 ? feedInsertSql(feedTable, feed) : undefined, binds)
  const text = `with ${parts.join(', ')}${ending}`
  return { text, values: binds.values, results: (rows) => readResults(groups, rows) }
}

function isLone(groups: readonly WriteGroup[]): boolean {
  const [group] = groups
  return groups.length === 1 && group?.members.length === 1 && group.kind !== 'check' && !computes(group)
}

/** The feed's own row tells what a single write did. */
function loneEnding(group: WriteGroup, feedInsert: string): string {
  return group.kind === 'insert' ? ` ${feedInsert}` : ` ${feedInsert} returning 0, "ids"[1], "versions"[1]`
}

function guardedEnding(groups: readonly WriteGroup[], feedInsert: string | undefined, binds: SqlBinds): string {
  const returned: string[] = []
  const guards: string[] = []
  const alone = groups.length === 1 && groups[0]?.members.length === 1
  for (const [number, group] of groups.entries()) {
    if (group.kind === 'insert') continue
    const part = `w${number}`
    const values = computes(group) ? '"values"' : 'null::jsonb'
    returned.push(`select ${number} as "group", "id", "version", ${values} as "values" from ${part}`)
    if (alone || group.kind === 'upsert') continue
    const expected = binds.add(isAbsence(group) ? 0 : group.members.length, 'bigint')
    guards.push(`1 / (case when (select count(*) from ${part}) = ${expected} then 1 else 0 end) = 1`)
  }
  if (returned.length === 0) return ` ${feedInsert}`
  const feed = feedInsert === undefined ? '' : `, feed as (${feedInsert})`
  const guard = guards.length > 0 ? ` where ${guards.join(' and ')}` : ''
  return `${feed} select * from (${returned.join(' union all ')}) as result${guard}`
}

function computes(group: WriteGroup): boolean {
  return group.kind === 'patch' && computedPaths(group).length > 0
}

function isAbsence(group: WriteGroup): boolean {
  return group.kind === 'check' && group.members[0]?.write.is === 'absent'
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
