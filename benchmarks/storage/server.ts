import { type PostgresServer, startPostgresServer } from '../../scripts/postgres-server.js'

/**
 * Starts the server of a run. It does not wait for the disk at commit, so that the cost of the client shows: with the disk, every
 * single write costs the same few milliseconds whoever sends it.
 */
export function startServer(): Promise<PostgresServer> {
  return startPostgresServer({
    settings: { synchronous_commit: 'off', shared_buffers: '512MB', max_wal_size: '4GB' },
  })
}
