import type { PostgresDriver, Statement } from './driver.js'
import { PgLease, type PgPool } from './pg-lease.js'
import { listenOnPool } from './pg-listener.js'

export type { PgPool } from './pg-lease.js'

/** A driver over a pool of `pg`. `close` ends the pool only when `ownsPool`. */
export function pgDriver(pool: PgPool, ownsPool = false): PostgresDriver {
  return {
    countsRows: true,
    ...(pool.options?.max !== undefined && { connections: pool.options.max }),
    query: (statement, options) => PgLease.run(pool, options?.signal, (lease) => lease.query(statement, options)),
    copy: (text, chunks, options) => PgLease.run(pool, options?.signal, (lease) => lease.copy(text, chunks, options)),
    transaction: (work, options) =>
      PgLease.run(pool, options?.signal, async (lease) => {
        await lease.query(begin)
        try {
          const result = await work(lease)
          await lease.query(commit)
          return result
        } catch (error) {
          // Where the connection is broken, the server rolls back by itself.
          await lease.query(rollback).catch(() => {})
          throw error
        }
      }),
    listen: (channel, hear) => listenOnPool(pool, channel, hear),
    async close() {
      if (ownsPool) await pool.end()
    },
  }
}

const begin: Statement = { text: 'begin isolation level read committed', values: [] }
const commit: Statement = { text: 'commit', values: [] }
const rollback: Statement = { text: 'rollback', values: [] }

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
