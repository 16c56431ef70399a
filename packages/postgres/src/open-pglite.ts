import type { PGliteBackend } from './pglite-protocol-driver.js'

/** Where an instance keeps its data, and what it begins with. */
export interface PGliteStart {
  readonly dataDir: string | undefined
  readonly loadDataDir: Blob | undefined
}

/** Opens PGlite, loading it now and not before. Throws `TypeError` when it is not installed. */
export async function openPGlite({ dataDir, loadDataDir }: PGliteStart): Promise<PGliteBackend> {
  const { PGlite } = await import('@electric-sql/pglite').catch((cause: unknown) => {
    throw new TypeError('pgliteStorage needs the package @electric-sql/pglite: npm install @electric-sql/pglite', {
      cause,
    })
  })
  return PGlite.create({ ...(dataDir !== undefined && { dataDir }), ...(loadDataDir && { loadDataDir }) })
}
