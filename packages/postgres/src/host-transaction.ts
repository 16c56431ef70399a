import type { PostgresConnection, QueryResult } from './driver.js'
import { type PgQueryTarget, runPgQuery } from './pg-query.js'
import { type PGliteTransaction, pgliteConnection } from './pglite-driver.js'

/**
 * A connection over a transaction that the host began and will end. Taken are a client of `pg`, a transaction of PGlite, and anything
 * with `query({ text, values })` that answers with `rows`, each a list of values or an object in the order of the select list.
 * Throws `TypeError` for anything else.
 */
export function hostTransaction(transaction: unknown): PostgresConnection {
  if (
    typeof transaction !== 'object' ||
    transaction === null ||
    !('query' in transaction) ||
    typeof transaction.query !== 'function'
  ) {
    throw new TypeError(
      'session({ transaction }) needs an object with a query method, such as a client of pg within a transaction',
    )
  }
  if ('exec' in transaction) {
    return pgliteConnection(transaction as PGliteTransaction)
  }
  const target = transaction as PgQueryTarget
  return {
    // Without a name: a statement prepared on the host's connection would stay there.
    async query({ text, values }): Promise<QueryResult> {
      const { rows, rowCount } = await runPgQuery(target, { text, values: [...values] })
      return { rows: rows.map(listOf), rowCount }
    },
  }
}

function listOf(row: readonly unknown[]): readonly unknown[] {
  return Array.isArray(row) ? row : Object.values(row)
}
