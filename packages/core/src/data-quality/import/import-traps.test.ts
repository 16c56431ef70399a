import { describe, expect, test } from 'vitest'
import { createCrm } from '../../create-crm.js'
import type { CrmSession } from '../../crm-session.js'
import { memoryStorage } from '../../storage/memory/index.js'
import { createTestCrm } from '../../testing.js'
import type { ImportOptions } from './import-options.js'

const staff = { type: 'user', id: 'u_7' } as const

async function opened() {
  const crm = await createTestCrm()
  return crm.session({ tenantId: 'acme', actor: staff })
}

async function counts(shop: CrmSession, options: ImportOptions) {
  return (await shop.runs.wait((await shop.imports.start(options)).id)).counts
}

const byMail = { object: 'contact', mapping: { Mail: 'email', Name: 'lastName' }, matchOn: 'email' } as const

describe('what imports of others got wrong', () => {
  test('twenty #11864: rows update the record that their key means, instead of making another', async () => {
    const shop = await opened()
    const ref = { system: 'erp', externalId: '7' }
    const ada = await shop.contacts.create({ emails: [{ address: 'ada@example.com' }], externalRefs: [ref] })
    expect(await counts(shop, { ...byMail, file: 'Mail,Name\nada@example.com,King\n' })).toMatchObject({ updated: 1 })
    const byNumber = {
      object: 'contact',
      mapping: { No: { field: 'externalRef', item: { system: 'erp' } }, Name: 'lastName' },
      matchOn: 'externalRef',
    } as const
    expect(await counts(shop, { ...byNumber, file: 'No,Name\n7,Lovelace\n' })).toMatchObject({ updated: 1 })
    expect(await shop.contacts.get(ada.id)).toMatchObject({ lastName: 'Lovelace', version: 3 })
    expect(await shop.contacts.count()).toBe(1)
  })

  test('twenty #13553: a key is compared as the unique index compares it: case, spaces and composed letters', async () => {
    const shop = await opened()
    await shop.contacts.create({ emails: [{ address: 'zoë@Example.com' }] })
    // The same letter, of two code points.
    const file = 'Mail,Name\n ZOE\u0308@example.COM ,First\nzoë@EXAMPLE.com,Second\n'
    expect(await counts(shop, { ...byMail, file })).toMatchObject({ created: 0, updated: 2, failed: 0 })
    expect(await shop.contacts.count()).toBe(1)
  })

  test('twenty #23305: an address and a number of a deleted contact are free for the next import', async () => {
    const shop = await opened()
    const ref = { system: 'erp', externalId: '7' }
    const old = await shop.contacts.create({ emails: [{ address: 'ada@example.com' }], externalRefs: [ref] })
    await shop.contacts.delete(old.id)
    const mapping = { Mail: 'email', No: { field: 'externalRef', item: { system: 'erp' } } } as const
    const file = 'Mail,No\nada@example.com,7\n'
    expect(await counts(shop, { file, object: 'contact', mapping, matchOn: 'email' })).toMatchObject({ created: 1 })
    expect((await shop.contacts.findByEmail('ada@example.com'))?.id).not.toBe(old.id)
  })

  test('rows that fail are in nobody’s way, however often they repeat a key', async () => {
    const storage = memoryStorage()
    const crm = await createCrm({ storage })
    const shop = crm.session({ tenantId: 'acme', actor: staff })
    const rows = Array.from({ length: 300 }, () => 'none,N')
    const run = await shop.imports.start({ ...byMail, file: ['Mail,Name', ...rows].join('\n') })
    expect((await shop.runs.wait(run.id)).counts).toMatchObject({ failed: 300 })
    const [batch] = (
      await storage.session({ tenantId: 'acme' }).find({ entity: 'importBatch', order: ['id'], limit: 1 })
    ).rows
    // Put aside, and done with in one commit.
    expect(batch?.version).toBe(2)
    await crm.close()
  })

  test('supaglue #1062: a column that nobody mapped changes nothing, though it is called as a field is', async () => {
    const shop = await opened()
    const file = 'Mail,Name,lastName,email\nada@example.com,King,Wrong,wrong@example.com\n'
    expect(await counts(shop, { ...byMail, file })).toMatchObject({ created: 1 })
    expect(await shop.contacts.findByEmail('ada@example.com')).toMatchObject({ lastName: 'King' })
    expect(await shop.contacts.findByEmail('wrong@example.com')).toBeUndefined()
  })

  test('twenty #11372, #11887: there is no limit of rows', async () => {
    const shop = await opened()
    const rows = Array.from({ length: 2_501 }, (_, index) => (index % 50 === 0 ? `p${index}@example.com,N` : ',N'))
    const done = await counts(shop, { ...byMail, file: ['Mail,Name', ...rows].join('\n') })
    expect(done).toEqual({ created: 51, updated: 0, unchanged: 0, skipped: 0, failed: 2_450 })
    expect(await shop.contacts.count()).toBe(51)
  })
})
