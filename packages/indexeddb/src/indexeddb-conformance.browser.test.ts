import { runStorageConformance } from '@rapport/conformance'
import { describe, test } from 'vitest'
import { deleteIndexedDbStorage, indexedDbStorage } from './index.js'

describe('IndexedDB keeps the storage contract', async () => {
  const name = 'rapport-conformance'
  await deleteIndexedDbStorage({ name })
  const create = () => indexedDbStorage({ name })
  await runStorageConformance({ test, create, reopen: create, dispose: () => deleteIndexedDbStorage({ name }) })
})
