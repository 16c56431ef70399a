import { runStorageConformance } from '@rapport/conformance'
import { createCrm } from '@rapport/core'
import { expect, test } from 'vitest'
import { templateStorage } from '../src/index.js'

await runStorageConformance({ test, create: () => templateStorage() })

test('a CRM runs on it', async () => {
  await using crm = await createCrm({ storage: templateStorage() })
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_7' } })
  const { id } = await shop.contacts.create({ firstName: 'Ada' })
  expect(await shop.contacts.get(id)).toMatchObject({ firstName: 'Ada', version: 1 })
})
