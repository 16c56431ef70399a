import { describe, expect, test } from 'vitest'
import { adminRole, portalRole } from '../access/role.js'
import { createCrm } from '../create-crm.js'
import { CrmError } from '../kernel/crm-error.js'
import { memoryStorage } from '../storage/memory/index.js'
import type { StorageAdapter } from '../storage/storage-adapter.js'
import { contentOf, crmOn, furnishTenant, operator, storageWith, textOf } from './backup.fixture.js'

const tenantId = 'acme'
/** Where the clock of {@link crmOn} stands. */
const madeAt = '2026-03-01T10:00:00.000Z'

/** Calls `meanwhile` after each of the first `times` reads of rows or changes. */
function interrupted(storage: StorageAdapter, times: number, meanwhile: (n: number) => Promise<void>): StorageAdapter {
  let count = 0
  const then = async <T>(result: T): Promise<T> => {
    if (count < times) await meanwhile(count++)
    return result
  }
  return storageWith(storage, (session) => ({
    find: async (query) => then(await session.find(query)),
    changes: async (after, limit) => then((await session.changes?.(after, limit)) ?? []),
  }))
}

describe('a backup', () => {
  test('is lines of JSON from a header to an end, with nothing of another tenant', async () => {
    const crm = await crmOn(memoryStorage())
    await furnishTenant(crm.session({ tenantId, actor: operator }))
    await crm.session({ tenantId: 'other', actor: operator }).contacts.create({ firstName: 'Foreign' })
    const text = await textOf(crm.session({ tenantId, actor: operator }).backup())
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toMatchObject({
      kind: 'header',
      format: 'rapport-backup',
      formatVersion: 1,
      tenantId,
      madeAt,
      consistency: 'instant',
      entities: { contact: { firstName: 'text', createdAt: 'instant', custom: 'json' } },
    })
    expect(lines.at(-1)).toMatchObject({ kind: 'end', lines: lines.length - 1 })
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(['header', 'row', 'end']))
    expect(text).not.toContain('Foreign')
  })

  test('leaves out how far subscribers have read', async () => {
    const crm = await crmOn(memoryStorage())
    const shop = crm.session({ tenantId, actor: operator })
    crm.subscribe({ name: 'mailer', handle: () => {} })
    await shop.contacts.create({ firstName: 'Ada' })
    await crm.tick()
    await textOf(shop.backup())
    expect(await textOf(shop.backup())).not.toContain('"entity":"subscription"')
  })

  test('is the state at its end, whatever writers do meanwhile', async () => {
    const inner = memoryStorage()
    const writer = (await crmOn(inner, 2)).session({ tenantId, actor: operator })
    await furnishTenant(writer)
    const addresses = ['a@example.com', 'b@example.com']
    const holders = await Promise.all(addresses.map((address) => writer.contacts.create({ emails: [{ address }] })))
    let touched = 0
    const storage = interrupted(inner, 60, async (n) => {
      touched++
      // The address goes round: the backup sees it with its old holder first, and then with the new one, or the other way.
      const [from, to] = n % 2 === 0 ? holders : holders.toReversed()
      await writer.contacts.update(from!.id, { emails: [] })
      await writer.contacts.update(to!.id, { emails: addresses.map((address) => ({ address })) })
      const born = await writer.contacts.create({ firstName: `Born ${n}` })
      if (n % 3 === 0) await writer.contacts.delete(born.id)
      await writer.orders.record({
        contactId: born.id,
        placedAt: '2026-02-01',
        total: { amountMinor: n, currency: 'EUR' },
      })
    })
    const text = await textOf((await crmOn(storage)).session({ tenantId, actor: operator }).backup())
    expect(touched).toBe(60)
    expect(text).toContain('"kind":"newer"')
    expect(text).toContain('"kind":"gone"')

    const copy = memoryStorage()
    await (await crmOn(copy)).session({ tenantId, actor: operator }).restore([text])
    expect(await contentOf(copy, tenantId)).toEqual(await contentOf(inner, tenantId))
  })

  test('and its restore hold a few hundred rows at a time, whatever the size', async () => {
    const inner = memoryStorage()
    const rows = Array.from({ length: 5_000 }, (_, value) => ({ id: `number ${value}`, value, updatedAt: madeAt }))
    let [read, told, written] = [0, 0, 0]
    let mostAhead = 0
    const source = storageWith(inner, (session) => ({
      async find(query) {
        const page = await session.find(query)
        read += query.entity === 'counter' ? page.rows.length : 0
        return page
      },
    }))
    const target = storageWith(memoryStorage(), (session) => ({
      async write(batch, options) {
        written += batch.filter((write) => write.do === 'insert' && write.entity === 'counter').length
        return session.write(batch, options)
      },
    }))
    const crm = await crmOn(source)
    await inner.session({ tenantId }).write(rows.map((row) => ({ do: 'insert', entity: 'counter', row })))
    async function* counted(): AsyncGenerator<string> {
      for await (const line of crm.session({ tenantId, actor: operator }).backup()) {
        yield line
        if (line.includes('"entity":"counter"')) told++
        mostAhead = Math.max(mostAhead, read - told, told - written)
      }
    }
    const restored = await (await crmOn(target, 2)).session({ tenantId, actor: operator }).restore(counted())
    expect([restored.rows, read, told, written]).toEqual([5_000, 5_000, 5_000, 5_000])
    expect(mostAhead).toBeLessThanOrEqual(500)
  })

  test('starts over where the feed was pruned behind the last backup', async () => {
    const inner = memoryStorage()
    const shop = (await crmOn(inner)).session({ tenantId, actor: operator })
    await furnishTenant(shop)
    await textOf(shop.backup())
    const asked: (string | undefined)[] = []
    const pruned = storageWith(inner, (session) => ({
      async changes(after, limit) {
        asked.push(after)
        if (asked.length === 1) throw new CrmError('not_found', 'It was pruned', { reason: 'pruned' })
        return (await session.changes?.(after, limit)) ?? []
      },
    }))
    const text = await textOf((await crmOn(pruned, 2)).session({ tenantId, actor: operator }).backup())
    expect(asked.slice(0, 2)).toEqual([expect.any(String), undefined])
    const copy = memoryStorage()
    await (await crmOn(copy)).session({ tenantId, actor: operator }).restore([text])
    expect(await contentOf(copy, tenantId)).toEqual(await contentOf(inner, tenantId))
  })

  test('says that it is of single records where the storage has no change feed', async () => {
    const inner = memoryStorage()
    const storage = storageWith(inner, () => ({ changes: undefined }), { changes: 'none' })
    const shop = (await crmOn(storage)).session({ tenantId, actor: operator })
    await furnishTenant(shop)
    const text = await textOf(shop.backup())
    const copy = memoryStorage()
    const restored = await (await crmOn(copy)).session({ tenantId, actor: operator }).restore([text])
    expect(restored.consistency).toBe('record')
    expect(await contentOf(copy, tenantId)).toEqual(await contentOf(inner, tenantId))
  })

  test('gives up when writers never pause', async () => {
    const inner = memoryStorage()
    const crm = await crmOn(inner, 2)
    await crm.session({ tenantId, actor: operator }).contacts.create({ firstName: 'Ada' })
    const writer = inner.session({ tenantId })
    const storage = interrupted(inner, Number.POSITIVE_INFINITY, async (value) => {
      const row = { id: 'busy', value, updatedAt: madeAt }
      await writer.write([{ do: 'upsert', entity: 'counter', row }])
    })
    const backup = (await crmOn(storage)).session({ tenantId, actor: operator }).backup()
    const drained = (async () => {
      for await (const _ of backup);
    })()
    await expect(drained).rejects.toMatchObject({ code: 'conflict', details: { reason: 'busy', retriable: true } })
  })

  test('needs the right to everything', async () => {
    const roles = {
      admin: [adminRole],
      clerk: [{ key: 'clerk', rights: { '*': { read: 'own' } } }],
      masked: [{ key: 'masked', rights: { '*': { read: 'yes', hiddenFields: ['birthDate'] } } }],
      reader: [{ key: 'reader', rights: { '*': { read: 'all' } } }],
      visitor: [portalRole],
    } as const
    const crm = await createCrm({
      storage: memoryStorage(),
      roles: (_, { id }) => roles[id as keyof typeof roles],
    })
    const as = (id: keyof typeof roles, type: 'user' | 'contact' = 'user') =>
      crm.session({ tenantId, actor: { type, id } })
    for (const refused of [as('clerk'), as('masked'), as('visitor', 'contact'), as('admin', 'contact')])
      await expect(textOf(refused.backup())).rejects.toMatchObject({ code: 'access_denied' })
    const text = await textOf(as('reader').backup())
    await expect(as('reader').restore([text])).rejects.toMatchObject({ code: 'access_denied' })
    expect((await as('admin').restore([text])).rows).toBe(0)
  })

  test('stops at once when its signal fires', async () => {
    const crm = await crmOn(memoryStorage())
    const shop = crm.session({ tenantId, actor: operator })
    await furnishTenant(shop)
    const controller = new AbortController()
    const backup = shop.backup({ signal: controller.signal })
    await backup.next()
    controller.abort()
    await expect(backup.next()).rejects.toMatchObject({ code: 'aborted' })
  })
})
