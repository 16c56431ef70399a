import { CrmError, type Write, type WriteResult } from '@rapport/core/storage'
import type { PostgresConnection } from './driver.js'
import { constraintOf, sqlStateOf } from './postgres-errors.js'
import type { SessionConnection } from './session-connection.js'
import type { WriteStatement } from './sql-write.js'
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
 * Writes a batch, all or nothing: in one statement where it has few shapes. When that fails, the reason is looked up. A batch that
 * the database undid because of others (serialization, deadlock) is repeated, which is safe because it carries its own conditions.
 */
export async function writeBatch(
  connection: SessionConnection,
  tables: StorageTables,
  tenantId: string,
  given: readonly Write[],
): Promise<WriteResult[]> {
  const batch = tables.filled(given)
  const groups = groupWrites((entity) => tables.require(entity), batch)
  const statements: WriteStatement[] = []
  for (const part of partsOf(groups, tables.profile.severalMutations)) {
    statements.push(tables.writes.compile(tenantId, part, connection.countsRows))
  }
  const work = async (on: PostgresConnection): Promise<WriteResult[] | undefined> => {
    const results = new Array<WriteResult>(batch.length)
    for (const { text, values, collect } of statements) {
      const answer = await on.query(tables.statement(text, values))
      if (!collect(answer, results)) throw new Unexpected('a row is not as the batch expects')
    }
    return results
  }

  for (let attempt = 1; attempt <= attemptLimit; attempt++) {
    const recover = async (on: PostgresConnection, error: unknown): Promise<undefined> => {
      if (connection.mayRepeat(error) && attempt < attemptLimit) return
      if (!isExplicable(error)) throw error
      const constraint = constraintOf(error)
      const reason = await diagnoseBatch({
        connection: on,
        tenantId,
        tableOf: (entity) => tables.require(entity),
        batch,
        constraint,
      })
      if (reason) throw reason
    }
    const results = await connection.attempt(work, recover, statements.length > 1)
    if (results) return results
  }
  throw new CrmError('storage_failed', 'The batch kept failing because of others who write the same rows', {
    reason: 'contention',
    retriable: true,
    remedy: 'try again later',
  })
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
