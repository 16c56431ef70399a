import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** How a migrating process ended: the statements it sent, or that it was killed. */
export type MigrateEnd = number | 'killed'

/** Runs migrations in processes of their own. */
export interface MigrateRunner {
  run(connectionString: string, schema: string, kill?: { at: number; moment: 'before' | 'during' }): Promise<MigrateEnd>
  dispose(): void
}

/** Builds the process from sources, once for all runs. */
export async function createMigrateRunner(): Promise<MigrateRunner> {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
  // Below node_modules, so that what comes from npm is found.
  const folder = mkdtempSync(path('../../../../node_modules/.rapport-migrate-'))
  const file = join(folder, 'migrate-process.mjs')
  await build({
    entryPoints: [path('migrate-process.fixture.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    tsconfig: path('../../../../tsconfig.json'),
    logLevel: 'error',
  })
  return {
    run: (connectionString, schema, kill) =>
      new Promise((resolve, reject) => {
        const args = [file, connectionString, schema, ...(kill ? [String(kill.at), kill.moment] : [])]
        execFile(process.execPath, args, (error, stdout, stderr) => {
          if (!error) resolve(Number(stdout))
          else if (error.signal === 'SIGKILL') resolve('killed')
          else reject(new Error(stderr, { cause: error }))
        })
      }),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}
