import { expect, test } from 'vitest'
import { createCrm } from '../../create-crm.js'
import { memoryStorage } from '../../storage/memory/index.js'
import { testClock, testRandom } from '../../testing.js'
import { failureOf } from '../session-context.fixture.js'

test('erasing a person takes what is computed from personal fields, and the claim to a unique value, with it', async () => {
  const storage = memoryStorage()
  const crm = await createCrm({ storage, clock: testClock(), random: testRandom() })
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const base = { object: 'contact', personal: true } as const
  await shop.customFields.register({ ...base, key: 'card', label: 'Card', type: 'text', unique: true })
  const formula = { concat: ['card ', { field: 'custom.card' }] }
  await shop.customFields.register({ ...base, key: 'shown', label: 'Shown', type: 'formula', formula })
  const ada = await shop.contacts.create({ firstName: 'Ada', custom: { card: 'marked-7' } })
  expect(ada.custom.shown).toBe('card marked-7')
  const run = await shop.privacy.erase(ada.id, { mode: 'anonymise', reason: 'asked' })
  expect((await shop.runs.wait(run.id)).status).toBe('done')
  expect((await shop.contacts.get(ada.id)).custom).toEqual({ shown: 'card ' })
  const session = storage.session({ tenantId: 'acme' })
  const rest: unknown[] = []
  for (const entity of ['contact', 'journal', 'customUniqueValue', 'pendingRollUp'])
    rest.push((await session.find({ entity, order: ['id'], limit: 1_000 })).rows)
  expect(JSON.stringify(rest)).not.toContain('marked-7')
  expect(rest[2]).toEqual([])
  const next = await shop.contacts.create({ firstName: 'Bob', custom: { card: 'marked-7' } })
  expect(next.custom.card).toBe('marked-7')
  await crm.close()
})

test('a role that hides a computed field hides its value, and refuses to filter by it', async () => {
  const crm = await createCrm({
    storage: memoryStorage(),
    roles: (_tenantId, { id }) => [
      {
        key: id,
        rights: {
          '*': { create: 'yes', read: 'yes', update: 'yes' },
          ...(id === 'clerk' && { contact: { read: 'yes', hiddenFields: ['custom.double'] } }),
        },
      },
    ],
  })
  const as = (id: string) => crm.session({ tenantId: 'acme', actor: { type: 'user', id } })
  const boss = as('boss')
  await boss.customFields.register({ object: 'contact', key: 'size', label: 'Size', type: 'number' })
  const formula = { multiply: [{ field: 'custom.size' }, 2] }
  await boss.customFields.register({ object: 'contact', key: 'double', label: 'Double', type: 'formula', formula })
  const { id } = await boss.contacts.create({ firstName: 'Ada', custom: { size: 2 } })
  const shared = await boss.views.create({
    name: 'Doubled',
    object: 'contact',
    where: { 'custom.double': 4 },
    columns: ['fullName', 'custom.double'],
    sharing: 'tenant',
  })
  const list = await boss.views.create({
    name: 'All',
    object: 'contact',
    columns: ['custom.double'],
    sharing: 'tenant',
  })
  const clerk = as('clerk')
  expect((await clerk.contacts.get(id)).custom).toEqual({ size: 2 })
  const denied = { code: 'access_denied', details: { field: 'custom.double' } }
  expect(await failureOf(clerk.contacts.find({ where: { 'custom.double': 4 } }))).toMatchObject(denied)
  expect(await failureOf(clerk.views.open(shared.id))).toMatchObject(denied)
  expect(await clerk.views.open(list.id)).toMatchObject({ columns: [], hiddenColumns: ['custom.double'] })
  const { items } = await clerk.views.find()
  expect(items.map(({ name, faults }) => [name, faults])).toEqual([
    ['All', []],
    ['Doubled', [{ field: 'custom.double', reason: 'hidden' }]],
  ])
  await crm.close()
})
