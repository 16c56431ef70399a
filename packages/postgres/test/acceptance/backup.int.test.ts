import type { StorageAdapter } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'
import { postgresStorage } from '@rapport/postgres'
import { describe, expect, inject, test } from 'vitest'
import { contentOf, crmOn, furnishTenant, operator, textOf } from '../../../core/src/backup/backup.fixture.js'
import { freshPGlite } from '../fresh-pglite.fixture.js'

const tenantId = 'acme'

const storages: Readonly<Record<string, (schema: string) => StorageAdapter | Promise<StorageAdapter>>> = {
  memory: () => memoryStorage(),
  PGlite: (schema) => freshPGlite({ schema, migrate: 'auto' }),
  PostgreSQL: (schema) => postgresStorage({ connectionString: inject('postgresUrl'), schema, migrate: 'auto' }),
}

const ways = [
  ['memory', 'PostgreSQL'],
  ['PostgreSQL', 'memory'],
  ['PostgreSQL', 'PGlite'],
] as const

describe('a tenant that is backed up', () => {
  test.each(ways)('on %s is restored on %s with equal content', async (from, to) => {
    const schema = `backup_${from}_${to}`.toLowerCase()
    const source = await storages[from]!(`${schema}_source`)
    const target = await storages[to]!(`${schema}_target`)
    await using original = await crmOn(source)
    await using copy = await crmOn(target, 2)
    const shop = original.session({ tenantId, actor: operator })
    const { contactId } = await furnishTenant(shop)
    const text = await textOf(shop.backup())
    const restored = copy.session({ tenantId, actor: operator })
    await restored.restore([text])
    const content = await contentOf(target, tenantId)
    expect(content).toEqual(await contentOf(source, tenantId))
    expect(content.journal?.length).toBeGreaterThan(15)

    for (const { entity, recordId } of content.journal ?? []) {
      if (entity === 'contact')
        expect(await restored.contacts.verifyHistory(recordId as string)).toMatchObject({ intact: true })
    }
    await restored.contacts.update(contactId, { jobTitle: 'Countess' })
    expect(await restored.contacts.verifyHistory(contactId)).toMatchObject({ intact: true, entries: 3 })
    // There and back again: the bytes of the lines differ in the order of keys, their content does not.
    const back = memoryStorage()
    await using third = await crmOn(back, 3)
    await third.session({ tenantId, actor: operator }).restore(restored.backup())
    expect(await contentOf(back, tenantId)).toEqual(await contentOf(target, tenantId))
  })

  test('on PostgreSQL under writers is never torn: each batch is in it whole or not at all', async () => {
    const source = await storages.PostgreSQL!('backup_under_writers')
    await using crm = await crmOn(source)
    const shop = crm.session({ tenantId, actor: operator })
    await furnishTenant(shop)
    const session = source.session({ tenantId })
    const updatedAt = '2026-03-01T10:00:00.000Z'
    const ids = Array.from({ length: 1_200 }, (_, index) => `number ${String(index).padStart(4, '0')}`)
    for (let start = 0; start < ids.length; start += 600)
      await session.write(
        ids
          .slice(start, start + 600)
          .map((id) => ({ do: 'insert', entity: 'counter', row: { id, value: 0, updatedAt } })),
      )
    let working = true
    let batches = 0
    /** Counts up two numbers far apart at once, so that a scan reads one before and the other after. */
    const writer = async (offset: number): Promise<void> => {
      for (let n = offset; working; n += 2, batches++) {
        const pair = [ids[n % 600] as string, ids[1_199 - (n % 600)] as string]
        await session.write(pair.map((id) => ({ do: 'patch', entity: 'counter', id, add: { value: 1 } })))
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    const writers = [writer(0), writer(1)]
    try {
      for (let round = 0; round < 3; round++) {
        const target = memoryStorage()
        await using copy = await crmOn(target, 2)
        await copy.session({ tenantId, actor: operator }).restore(shop.backup())
        const { counter = [] } = await contentOf(target, tenantId)
        expect(counter).toHaveLength(ids.length + 1)
        const value = new Map(counter.map((row) => [row.id, row.value]))
        expect(ids.filter((id, index) => value.get(id) !== value.get(ids[1_199 - index] as string))).toEqual([])
      }
    } finally {
      working = false
      await Promise.all(writers)
    }
    expect(batches).toBeGreaterThan(10)
  })
})
