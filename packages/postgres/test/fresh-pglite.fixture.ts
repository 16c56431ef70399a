import { openAsBlob } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { type PGliteStorageOptions, type PostgresStorageAdapter, pgliteStorage } from '@rapport/postgres'
import { inject } from 'vitest'

let archive: Promise<Blob> | undefined
const emptyArchive = (): Promise<Blob> => (archive ??= emptyDatabase())

/** A storage on an empty PGlite in memory, which starts from an archive: making the database anew takes three times as long. */
export async function freshPGlite(
  options: Pick<PGliteStorageOptions, 'schema' | 'migrate'> = {},
): Promise<PostgresStorageAdapter> {
  return pgliteStorage({ ...options, loadDataDir: await emptyArchive() })
}

/** An empty PGlite in memory, as a host has one. */
export async function hostPGlite(): Promise<PGlite> {
  return PGlite.create({ loadDataDir: await emptyArchive() })
}

/** The archive that the first file to ask for it made for all others of the run. */
async function emptyDatabase(): Promise<Blob> {
  const path = join(inject('scratchFolder'), 'empty-pglite.tar')
  try {
    return await openAsBlob(path)
  } catch {
    const pglite = await PGlite.create()
    const dump = await pglite.dumpDataDir('none')
    await pglite.close()
    const unfinished = `${path}.${process.pid}`
    await writeFile(unfinished, Buffer.from(await dump.arrayBuffer()))
    await rename(unfinished, path)
    return dump
  }
}
