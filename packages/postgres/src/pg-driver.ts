import type { PostgresConnection, PostgresDriver, QueryResult, SqlValue, Statement } from './driver.js'
import { type TextParser, textParsers } from './row-mapping.js'

/** What is used of a query of `pg`. */
export interface PgQuery {
  readonly text: string
  readonly values: SqlValue[]
  readonly name?: string
  readonly rowMode: 'array'
  readonly types: { readonly getTypeParser: (oid: number, format?: string) => TextParser }
}

/** What is used of an answer of `pg`. */
export interface PgAnswer {
  readonly rows: unknown[]
  readonly rowCount: number | null
}

/** What is used of a client of `pg`. */
export interface PgClient {
  query(query: PgQuery): Promise<PgAnswer>
  release(error?: Error | boolean): void
}

/** What is used of a pool of `pg`. */
export interface PgPool {
  query(query: PgQuery): Promise<PgAnswer>
  connect(): Promise<PgClient>
  end(): Promise<void>
}

const asText: TextParser = (text) => text
const types = { getTypeParser: (oid: number): TextParser => textParsers[oid] ?? asText }

/** A driver over a pool of `pg`. `close` ends the pool only when `ownsPool`. */
export function pgDriver(pool: PgPool, ownsPool = false): PostgresDriver {
  return {
    query: (statement) => runPgQuery(pool, statement),
    async transaction(work) {
      const client = await pool.connect()
      const connection: PostgresConnection = { query: (statement) => runPgQuery(client, statement) }
      let broken: Error | undefined
      try {
        await connection.query(begin)
        const result = await work(connection)
        await connection.query(commit)
        return result
      } catch (error) {
        await connection.query(rollback).catch((failure: unknown) => {
          broken = failure instanceof Error ? failure : new Error('rollback failed')
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
    async close() {
      if (ownsPool) await pool.end()
    },
  }
}

const begin: Statement = { text: 'begin isolation level read committed', values: [] }
const commit: Statement = { text: 'commit', values: [] }
const rollback: Statement = { text: 'rollback', values: [] }

/** Runs a statement on a pool, a client or anything of their shape. */
export async function runPgQuery(
  target: Pick<PgPool, 'query'>,
  { text, values, name }: Statement,
): Promise<QueryResult> {
  const query: PgQuery = {
    text,
    values: values as SqlValue[],
    rowMode: 'array',
    types,
    ...(name !== undefined && { name }),
  }
  const { rows, rowCount } = await target.query(query)
  return { rows: rows as unknown[][], rowCount: rowCount ?? rows.length }
}

/** How a pool that the storage opens itself is set up. */
export interface PgPoolOptions {
  readonly connectionString: string
  readonly statementTimeoutMs?: number
}

/** Opens a pool, loading `pg` now and not before. Throws `TypeError` when it is not installed. */
export async function openPgPool({ connectionString, statementTimeoutMs }: PgPoolOptions): Promise<PgPool> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new TypeError('postgresStorage needs the package pg: npm install pg', { cause })
  })
  const pool = new pg.Pool({
    connectionString,
    application_name: 'rapport',
    ...(statementTimeoutMs !== undefined && { statement_timeout: statementTimeoutMs }),
  })
  // An idle connection that breaks is replaced at the next call; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}
