import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgresServer } from './postgres-server.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the PostgreSQL server that all files of the `postgres` project share. */
    postgresUrl: string
    /** Folder for what test files share, gone after the run. */
    scratchFolder: string
  }
}

/**
 * Global set-up of the `postgres` project: one real PostgreSQL server on 127.0.0.1, gone with its data afterwards.
 * A test file asks for it with `inject('postgresUrl')` and works in a schema of its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The data live as long as the run, so they need not survive a power cut.
  const server = await startPostgresServer({ settings: { max_connections: '200', fsync: 'off' } })
  const scratchFolder = mkdtempSync(join(tmpdir(), 'rapport-tests-'))
  project.provide('postgresUrl', server.connectionString)
  project.provide('scratchFolder', scratchFolder)
  return async () => {
    rmSync(scratchFolder, { recursive: true, force: true })
    await server.stop()
  }
}
