import { describe, expect, test } from 'vitest'
import type { Crm } from '../crm.js'
import type { CrmSession } from '../crm-session.js'
import { memoryStorage } from '../storage/memory/index.js'
import type { Row } from '../storage/row.js'
import type { StorageAdapter } from '../storage/storage-adapter.js'
import { collected, contentOf, crmOn, furnishTenant, operator, storageWith, textOf } from './backup.fixture.js'
import { LineDigest } from './line-digest.js'

const tenantId = 'acme'
const shopOf = (crm: Crm): CrmSession => crm.session({ tenantId, actor: operator })

async function furnished(): Promise<{ storage: StorageAdapter; shop: CrmSession; text: string; contactId: string }> {
  const storage = memoryStorage()
  const shop = shopOf(await crmOn(storage))
  const { contactId } = await furnishTenant(shop)
  return { storage, shop, contactId, text: await textOf(shop.backup()) }
}

/** Lines with the end that belongs to them. */
function sealed(lines: readonly string[]): string {
  const digest = new LineDigest()
  for (const line of lines) digest.add(line)
  const end = { kind: 'end', lines: digest.lines, checksum: digest.finish() }
  return [...lines, JSON.stringify(end), ''].join('\n')
}

/** A storage in which every batch from the n-th on fails, as after a crash. */
function failingFrom(storage: StorageAdapter, n: number): StorageAdapter {
  let writes = 0
  return storageWith(storage, (session) => ({
    async write(batch, options) {
      if (++writes >= n) throw new Error('the power is out')
      return session.write(batch, options)
    },
  }))
}

describe('a restore', () => {
  test('gives an empty tenant the same rows, and work goes on there', async () => {
    const { storage, text, contactId } = await furnished()
    const copy = memoryStorage()
    const crm = await crmOn(copy, 2)
    const restored = await shopOf(crm).restore([text])
    const content = await contentOf(copy, tenantId)
    expect(content).toEqual(await contentOf(storage, tenantId))
    const count = Object.values(content).reduce((sum, rows) => sum + rows.length, 0)
    expect(restored).toEqual({ madeAt: '2026-03-01T10:00:00.000Z', consistency: 'instant', rows: count })
    expect(content.contact?.find(({ id }) => id === contactId)).toMatchObject({ version: 2, orderCount: 3 })

    const shop = shopOf(crm)
    expect(await shop.contacts.verifyHistory(contactId)).toMatchObject({ intact: true, entries: 2 })
    await shop.contacts.update(contactId, { custom: { taste: 'Bach' } })
    expect(await shop.contacts.verifyHistory(contactId)).toMatchObject({ intact: true, entries: 3 })
    expect((await shop.tickets.open({ contactId, subject: 'Again' })).number).toBe(2)
    await expect(shop.contacts.create({ emails: [{ address: 'ada@example.com' }] })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('takes bytes cut anywhere', async () => {
    const { storage, text } = await furnished()
    const bytes = new TextEncoder().encode(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, n) =>
      bytes.subarray(n * 777, (n + 1) * 777),
    )
    const copy = memoryStorage()
    await shopOf(await crmOn(copy)).restore(pieces)
    expect(await contentOf(copy, tenantId)).toEqual(await contentOf(storage, tenantId))
  })

  test('refuses what cannot be restored here by its reason, and leaves the tenant empty', async () => {
    const { text } = await furnished()
    const lines = text.trimEnd().split('\n')
    const header = JSON.parse(lines[0] as string) as Record<string, unknown> & { entities: Record<string, object> }
    const withHeader = (changed: object): string =>
      `${[JSON.stringify({ ...header, ...changed }), ...lines.slice(1)].join('\n')}\n`
    const without = (n: number): string => `${lines.filter((_, index) => index !== n).join('\n')}\n`
    const { order: _, ...fewer } = header.entities
    const grown = { ...header.entities, contact: { ...header.entities.contact, mood: 'text' } }
    const contactLine = lines.findIndex((line) => line.includes('"entity":"contact"'))
    const edited = (change: (line: string) => string): string =>
      `${lines.map((line, index) => (index === contactLine ? change(line) : line)).join('\n')}\n`

    const cases: readonly (readonly [reason: string, code: string, text: string])[] = [
      ['backup_cut', 'validation_failed', ''],
      ['backup_format', 'validation_failed', 'id,name\n1,Ada\n'],
      ['backup_format', 'validation_failed', '{"kind":"header"}\n'],
      ['backup_corrupt', 'validation_failed', withHeader({ entities: undefined })],
      ['backup_version', 'unsupported', withHeader({ formatVersion: 2 })],
      ['backup_tenant', 'validation_failed', withHeader({ tenantId: 'other' })],
      ['backup_schema', 'unsupported', withHeader({ entities: { ...header.entities, invoice: {} } })],
      ['backup_schema', 'unsupported', withHeader({ entities: grown })],
      ['backup_corrupt', 'validation_failed', withHeader({ entities: fewer })],
      ['backup_cut', 'validation_failed', text.slice(0, text.length / 2)],
      ['backup_cut', 'validation_failed', `${lines.slice(0, -1).join('\n')}\n`],
      ['backup_corrupt', 'validation_failed', without(5)],
      ['backup_corrupt', 'validation_failed', edited((line) => line.replace('Ada', 'Eve'))],
      ['backup_corrupt', 'validation_failed', edited((line) => line.slice(0, -3))],
      ['backup_corrupt', 'validation_failed', edited((line) => line.replace('"kind":"row"', '"kind":"raw"'))],
      ['backup_corrupt', 'validation_failed', edited((line) => line.replace('"version":', '"version":-'))],
      ['backup_corrupt', 'validation_failed', edited((line) => `${line}\n${line}`)],
      ['backup_corrupt', 'validation_failed', `${text}${lines[1]}\n`],
    ]
    const storage = memoryStorage()
    const shop = shopOf(await crmOn(storage))
    for (const [reason, code, damaged] of cases) {
      await expect(shop.restore([damaged]), reason).rejects.toMatchObject({ code, details: { reason } })
      expect(await collected(storage.tenants()), reason).toEqual([])
    }
    await shop.restore([text])
  })

  test('lets a row give way whose unique value went to another one while the backup was made', async () => {
    const { storage, text } = await furnished()
    const { contactPoint = [] } = await contentOf(storage, tenantId)
    const [before] = contactPoint.filter(({ uniqueKey }) => uniqueKey !== undefined)
    const { uniqueKey: _, ...after }: Row = { ...before, id: before?.id as string, version: 2 }
    const heir = { ...before, id: 'the heir', version: 1 }
    const entity = 'contactPoint'
    const told = sealed([
      text.slice(0, text.indexOf('\n')),
      JSON.stringify({ kind: 'row', entity, row: before }),
      // Told twice, so that the first is written before the line behind it is read.
      JSON.stringify({ kind: 'newer', entity, row: heir }),
      JSON.stringify({ kind: 'newer', entity, row: heir }),
      JSON.stringify({ kind: 'newer', entity, row: after }),
    ])
    const copy = memoryStorage()
    const { rows } = await shopOf(await crmOn(copy)).restore([told])
    expect(rows).toBe(2)
    expect((await contentOf(copy, tenantId)).contactPoint).toEqual([after, heir])
    const torn = sealed(told.replace('"instant"', '"record"').trimEnd().split('\n').slice(0, -1))
    await expect(shopOf(await crmOn(memoryStorage())).restore([torn])).rejects.toMatchObject({
      code: 'conflict',
      details: { reason: 'unique' },
    })
  })

  test('lets go of what it reads from, also when it refuses it', async () => {
    const { shop, text } = await furnished()
    let isOpen = true
    function* source(): Generator<string> {
      try {
        yield text
      } finally {
        isOpen = false
      }
    }
    await expect(shop.restore(source())).rejects.toMatchObject({ code: 'conflict' })
    expect(isOpen).toBe(false)
  })

  test('refuses a tenant that holds anything', async () => {
    const { storage, shop, text } = await furnished()
    const before = await contentOf(storage, tenantId)
    const refusal = { code: 'conflict', details: { reason: 'tenant_not_empty' } }
    await expect(shop.restore([text])).rejects.toMatchObject(refusal)
    expect(await contentOf(storage, tenantId)).toEqual(before)
  })

  test.each([2, 3])(
    'that dies at its batch %i leaves a mark: no backup of it, and the next attempt begins anew',
    async (n) => {
      const { storage, text, shop } = await furnished()
      const numbers = Array.from({ length: 600 }, (_, index) => ({
        id: `number ${index}`,
        updatedAt: '2026-03-01T10:00:00.000Z',
      }))
      await storage.session({ tenantId }).write(numbers.map((row) => ({ do: 'insert', entity: 'counter', row })))
      const larger = await textOf(shop.backup())
      const copy = memoryStorage()
      const dying = shopOf(await crmOn(failingFrom(copy, n)))
      await expect(dying.restore([larger])).rejects.toMatchObject({ code: 'storage_failed' })

      const survivor = shopOf(await crmOn(copy))
      await expect(textOf(survivor.backup())).rejects.toMatchObject({
        code: 'conflict',
        details: { reason: 'restore_unfinished' },
      })
      await expect(survivor.restore([text.replace('Lovelace', 'Eve')])).rejects.toMatchObject({
        details: { reason: 'backup_corrupt' },
      })
      expect(await collected(copy.tenants())).toEqual([])
      await survivor.restore([larger])
      expect(await contentOf(copy, tenantId)).toEqual(await contentOf(storage, tenantId))
    },
  )

  test('that was given up cannot write into the next', async () => {
    const { storage, text } = await furnished()
    const copy = memoryStorage()
    const crm = await crmOn(copy)
    let takeOver: (() => Promise<unknown>) | undefined = () => shopOf(crm).restore([text])
    async function* slowly(): AsyncGenerator<string> {
      yield text.slice(0, text.length - 10)
      // The first restore has its mark by now; the second takes over and comes to its end.
      const other = takeOver
      takeOver = undefined
      await other?.()
      yield text.slice(text.length - 10)
    }
    await expect(shopOf(crm).restore(slowly())).rejects.toMatchObject({ code: 'conflict' })
    expect(await contentOf(copy, tenantId)).toEqual(await contentOf(storage, tenantId))
  })
})
