import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStorageConformance } from '@rapport/conformance'
import { test } from 'vitest'
import { dataDirectory } from './data-directory.js'
import { failingFiles } from './failing-files.fixture.js'
import { fileStorage } from './file-storage.js'

// #region kit
const directory = mkdtempSync(join(tmpdir(), 'file-storage-'))
const files = failingFiles(dataDirectory(directory))

await runStorageConformance({
  test,
  create: () => fileStorage({ directory, files }),
  reopen: () => fileStorage({ directory }),
  counter: files.requests,
  faults: files.faults,
  dispose: () => rmSync(directory, { recursive: true }),
})
// #endregion
