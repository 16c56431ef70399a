import { deleteIndexedDbStorage, indexedDbStorage } from '@rapport/indexeddb'
import { afterEach, expect, test } from 'vitest'
import { memoryStorage } from '../storage/memory/index.js'
import { contentOf, crmOn, furnishTenant, operator, textOf } from './backup.fixture.js'

const tenantId = 'acme'
const names: string[] = []

const browserStorage = (): ReturnType<typeof indexedDbStorage> => {
  const name = `backup-${crypto.randomUUID()}`
  names.push(name)
  return indexedDbStorage({ name })
}

afterEach(async () => {
  for (const name of names.splice(0)) await deleteIndexedDbStorage({ name })
})

test.each([
  { from: 'memory', sourceOf: memoryStorage, to: 'IndexedDB', targetOf: browserStorage },
  { from: 'IndexedDB', sourceOf: browserStorage, to: 'memory', targetOf: memoryStorage },
])('a tenant on $from is restored on $to with equal content', async ({ sourceOf, targetOf }) => {
  const [source, target] = [sourceOf(), targetOf()]
  await using original = await crmOn(source)
  await using copy = await crmOn(target, 2)
  const shop = original.session({ tenantId, actor: operator })
  const { contactId } = await furnishTenant(shop)
  const restored = copy.session({ tenantId, actor: operator })
  const { consistency } = await restored.restore([await textOf(shop.backup())])
  expect(consistency).toBe('instant')
  expect(await contentOf(target, tenantId)).toEqual(await contentOf(source, tenantId))
  expect(await restored.contacts.verifyHistory(contactId)).toMatchObject({ intact: true, entries: 2 })
})
