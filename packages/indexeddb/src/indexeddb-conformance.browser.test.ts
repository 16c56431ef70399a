import { runStorageConformance } from '@rapport/conformance'
import { describe, test } from 'vitest'
import { cuttableFactory } from './cuttable-factory.fixture.js'
import { deleteIndexedDbStorage, indexedDbStorage } from './index.js'

describe('IndexedDB keeps the storage contract', async () => {
  const name = 'rapport-conformance'
  await deleteIndexedDbStorage({ name })
  const { factory, transactions, ...faults } = cuttableFactory()
  const create = () => indexedDbStorage({ name, indexedDB: factory })
  await runStorageConformance({
    test,
    create,
    reopen: create,
    counter: transactions,
    faults,
    dispose: () => deleteIndexedDbStorage({ name }),
  })
})
