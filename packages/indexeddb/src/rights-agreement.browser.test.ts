import { type Crm, createCrm } from '@rapport/core'
import { testClock } from '@rapport/core/testing'
import { afterAll, beforeAll } from 'vitest'
import { testRights } from '../../postgres/test/acceptance/rights.fixture.js'
import { deleteIndexedDbStorage, indexedDbStorage } from './index.js'

const name = 'rights agreement'
const storage = indexedDbStorage({ name })
const clock = testClock()
let crm: Crm
let tenants = 0

beforeAll(async () => {
  crm = await createCrm({ storage, clock })
})
afterAll(async () => {
  await crm.close()
  await deleteIndexedDbStorage({ name })
})

testRights(() => ({
  crm,
  clock,
  storage,
  newTenant: () => `rights ${++tenants}`,
  another: (options = {}) => createCrm({ clock, ...options, storage: indexedDbStorage({ name }) }),
}))
