import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStorageConformance } from '@rapport/conformance'
import { describe, test } from 'vitest'
import { freshPGlite } from '../test/fresh-pglite.fixture.js'
import { pgliteStorage } from './pglite-storage.js'

describe('PGlite in memory keeps the storage contract', async () => {
  await runStorageConformance({ test, create: freshPGlite })
})

describe('PGlite in a directory keeps the storage contract', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-pglite-'))
  const create = () => pgliteStorage({ dataDir: join(folder, 'data') })
  await runStorageConformance({
    test,
    level: 'basic',
    create,
    reopen: create,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  })
})
