import type { PGliteBackend } from './pglite-protocol-driver.js'

/** Opens PGlite, loading it now and not before: in memory, or in a directory. Throws `TypeError` when it is not installed. */
export async function openPGlite(dataDir?: string): Promise<PGliteBackend> {
  const { PGlite } = await import('@electric-sql/pglite').catch((cause: unknown) => {
    throw new TypeError('pgliteStorage needs the package @electric-sql/pglite: npm install @electric-sql/pglite', {
      cause,
    })
  })
  return PGlite.create(dataDir === undefined ? {} : { dataDir })
}
