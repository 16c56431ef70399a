import { CrmError, type Write, type WriteResult } from '@rapport/core/storage'
import { copyRows, isWorthCopying } from './copy-rows.js'
import type { PostgresConnection } from './driver.js'
import { constraintOf, isCopyMissing, sqlStateOf } from './postgres-errors.js'
import type { SessionConnection } from './session-connection.js'
import { insertedResult } from './sql-write.js'
import type { StorageTables } from './storage-tables.js'
import { diagnoseBatch } from './write-diagnosis.js'
import { groupWrites, type WriteGroup } from './write-groups.js'

/** How often a batch is tried when the database undoes it, or when what stood in its way is gone on looking. */
const attemptLimit = 10

/** Groups that share a statement; a batch of more takes several, in one transaction. */
const groupsPerStatement = 16

/** The statement's own guard has found a row that is not as expected. */
class Unexpected extends Error {}

/**
 * Writes a batch, all or nothing: in one statement where it has few shapes, with `copy` where it inserts many rows into a table. When
 * that fails, the reason is looked up. A batch that the database undid because of others (serialization, deadlock) is repeated, which
 * is safe because it carries its own conditions.
 */
export async function writeBatch(
  connection: SessionConnection,
  tables: StorageTables,
  tenantId: string,
  given: readonly Write[],
): Promise<WriteResult[]> {
  const batch = tables.filled(given)
  const groups = groupWrites((entity) => tables.require(entity), batch)
  for (let attempt = 1; attempt <= attemptLimit; attempt++) {
    const { copied, stated } = waysOf(groups, connection, tables)
    const statements = partsOf(stated, tables.profile.severalMutations).map((part) =>
      tables.writes.compile(tenantId, part, connection.countsRows),
    )
    const work = async (on: PostgresConnection): Promise<WriteResult[] | undefined> => {
      const results = new Array<WriteResult>(batch.length)
      for (const { text, values, collect } of statements) {
        const answer = await on.query(tables.statement(text, values))
        if (!collect(answer, results)) throw new Unexpected('a row is not as the batch expects')
      }
      const parts = copied.map(({ table, paths, members }) => {
        return { table, paths, rows: members.map(({ write }) => write.row) }
      })
      await copyRows(on, tables, tenantId, parts)
      for (const { members } of copied)
        for (const { write, index } of members) results[index] = insertedResult(write.row)
      return results
    }
    const recover = async (on: PostgresConnection, error: unknown): Promise<undefined> => {
      if (isCopyMissing(error) && copied.length > 0) {
        for (const { table } of copied) tables.refuseCopy(table.def.name)
        return
      }
      if (connection.mayRepeat(error) && attempt < attemptLimit) return
      if (!isExplicable(error)) throw error
      const constraint = constraintOf(error)
      const reason = await diagnoseBatch({
        connection: on,
        tenantId,
        tableOf: (entity) => tables.require(entity),
        skipScans: tables.profile.skipScans,
        batch,
        constraint,
      })
      if (reason) throw reason
    }
    const results = await connection.attempt(work, recover, statements.length + copied.length * 2 > 1)
    if (results) return results
  }
  throw new CrmError('storage_failed', 'The batch kept failing because of others who write the same rows', {
    reason: 'contention',
    retriable: true,
    remedy: 'try again later',
  })
}

type InsertGroup = Extract<WriteGroup, { kind: 'insert' }>

/** Which groups go through `copy`, and which through statements. */
function waysOf(
  groups: readonly WriteGroup[],
  connection: SessionConnection,
  tables: StorageTables,
): { readonly copied: readonly InsertGroup[]; readonly stated: readonly WriteGroup[] } {
  const copied = groups.filter(
    (group): group is InsertGroup =>
      group.kind === 'insert' && isWorthCopying(connection, tables, group.table.def.name, group.members.length),
  )
  return {
    copied,
    stated: copied.length === 0 ? groups : groups.filter((group) => !copied.includes(group as InsertGroup)),
  }
}

/** The groups of each statement: at most so many, and a table changed once in each where the engine takes no more. */
function partsOf(groups: readonly WriteGroup[], severalMutations: boolean): WriteGroup[][] {
  const parts: WriteGroup[][] = []
  let part: WriteGroup[] = []
  for (const group of groups) {
    const isTaken =
      !severalMutations &&
      group.kind !== 'check' &&
      part.some(({ table, kind }) => table === group.table && kind !== 'check')
    if (part.length === 0 || part.length >= groupsPerStatement || isTaken) {
      part = []
      parts.push(part)
    }
    part.push(group)
  }
  return parts
}

/** Errors that follow from what the batch asks for: division by zero is its guard, the others a unique index and a sum. */
function isExplicable(error: unknown): boolean {
  const state = sqlStateOf(error)
  return error instanceof Unexpected || state === '22012' || state === '23505' || state === '22003'
}
