import type { CrmSession, ImportOptions, ImportRowError, Run } from '@rapport/core'
import { expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

async function imported(shop: CrmSession, options: ImportOptions): Promise<Run> {
  return shop.runs.wait((await shop.imports.start(options)).id)
}

async function undone(shop: CrmSession, run: Run): Promise<Run> {
  return shop.runs.wait((await shop.imports.undo(run.id)).id)
}

async function errorsOf(shop: CrmSession, run: Run): Promise<ImportRowError[]> {
  const errors: ImportRowError[] = []
  for await (const error of shop.imports.errors(run.id)) errors.push(error)
  return errors
}

const orders = {
  object: 'order',
  mapping: {
    No: { field: 'externalRef', item: { system: 'shop' } },
    Customer: { field: 'contact', by: 'email' },
    Date: { field: 'placedAt', dateOrder: 'dayFirst', zone: 'Z' },
    Total: { field: 'total', currency: 'EUR', decimal: ',' },
    State: 'status',
  },
  matchOn: 'externalRef',
} as const

describeOnEveryStorage('import with relations', (on) => {
  test('import: orders go to the contact that a row names, add up there, change, and are taken back', async () => {
    const shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    const ada = await shop.contacts.create({
      lastName: 'King',
      emails: [{ address: 'ada@example.com' }],
      externalRefs: [{ system: 'shop', externalId: 'C-1' }],
    })
    const bob = await shop.contacts.create({ lastName: 'Builder', emails: [{ address: 'bob@example.com' }] })
    const file = [
      'No;Customer;Date;Total;State',
      'A-1;ada@example.com;1.3.2026;1.234,50 €;completed',
      'A-2;ADA@example.com;5.3.2026;10,00;completed',
      'A-3;bob@example.com;2.3.2026;20,00;canceled',
      'A-4;nobody@example.com;2.3.2026;20,00;open',
      'A-5;;2.3.2026;20,00;open',
    ].join('\n')
    const first = await imported(shop, { file, ...orders })
    expect(first.counts).toMatchObject({ created: 3, failed: 2 })
    expect(await errorsOf(shop, first)).toEqual([
      expect.objectContaining({ row: 5, column: 'Customer', field: 'contactId', code: 'not_found' }),
      expect.objectContaining({ row: 6, column: 'Customer', field: 'contactId', code: 'validation_failed' }),
    ])
    expect(await shop.contacts.get(ada.id)).toMatchObject({
      orderCount: 2,
      firstOrderAt: '2026-03-01T00:00:00.000Z',
      lastOrderAt: '2026-03-05T00:00:00.000Z',
    })
    const [dear] = (await shop.orders.find({ where: { 'total.amountMinor': { gt: 100_000 } } })).items
    expect(dear).toMatchObject({ contactId: ada.id, total: { amountMinor: 123_450, currency: 'EUR' } })

    // Both orders of one contact change: each sees what the other left.
    const later = file.replace('1.3.2026', '7.3.2026').replace('5.3.2026', '6.3.2026').replace('canceled', 'open')
    const second = await imported(shop, { file: later, ...orders })
    expect(second.counts).toMatchObject({ updated: 3, failed: 2 })
    const sums = { orderCount: 2, firstOrderAt: '2026-03-06T00:00:00.000Z', lastOrderAt: '2026-03-07T00:00:00.000Z' }
    expect(await shop.contacts.get(ada.id)).toMatchObject(sums)
    expect(await shop.contacts.get(bob.id)).toMatchObject({ orderCount: 1 })

    const byNumber = { ...orders.mapping, Customer: { field: 'contact', by: 'externalRef', item: { system: 'shop' } } }
    const third = await imported(shop, {
      ...orders,
      file: 'No;Customer;Date;Total\nB-1;C-1;8.3.2026;1,00\nB-2;C-1;9.3.2026;1,00\n',
      mapping: { No: byNumber.No, Customer: byNumber.Customer, Date: byNumber.Date, Total: byNumber.Total },
    })
    expect(third.counts).toMatchObject({ created: 2 })
    expect(await shop.contacts.get(ada.id)).toMatchObject({ orderCount: 4, lastOrderAt: '2026-03-09T00:00:00.000Z' })

    expect((await undone(shop, third)).counts).toMatchObject({ removed: 2 })
    expect(await shop.contacts.get(ada.id)).toMatchObject({ ...sums, version: ada.version })
    expect((await undone(shop, second)).counts).toMatchObject({ restored: 3 })
    expect(await shop.contacts.get(ada.id)).toMatchObject({ lastOrderAt: '2026-03-05T00:00:00.000Z' })
    expect((await shop.contacts.get(bob.id)).lastOrderAt).toBeUndefined()
  })

  test('import: a company column gives a contact its company and role, and the undo takes both', async () => {
    const shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    const tea = await shop.companies.create({ name: 'Tea GmbH' })
    for (const _ of [1, 2]) await shop.companies.create({ name: 'Twin' })
    const ada = await shop.contacts.create({ lastName: 'King', emails: [{ address: 'ada@example.com' }] })
    const run = await imported(shop, {
      file: 'Mail,Company\nada@example.com,Tea GmbH\nnew@example.com,Tea GmbH\nx@y.co,Twin\nz@y.co,Nobody\nfree@y.co,\n',
      object: 'contact',
      mapping: { Mail: 'email', Company: { field: 'company', by: 'name' } },
      matchOn: 'email',
    })
    expect(run.counts).toMatchObject({ created: 2, updated: 1, failed: 2 })
    expect((await errorsOf(shop, run)).map(({ row, code, column }) => [row, code, column])).toEqual([
      [4, 'conflict', 'Company'],
      [5, 'not_found', 'Company'],
    ])
    const fresh = await shop.contacts.findByEmail('new@example.com')
    const seen = { type: 'company', id: tea.id }
    expect(fresh).toMatchObject({ primaryCompanyId: tea.id })
    expect((await shop.associations.of(seen)).map(({ other }) => other.id).sort()).toEqual(
      [ada.id, fresh?.id ?? ''].sort(),
    )
    expect((await undone(shop, run)).counts).toMatchObject({ removed: 2, restored: 1 })
    expect(await shop.associations.of(seen)).toEqual([])
    expect((await shop.contacts.get(ada.id)).primaryCompanyId).toBeUndefined()
  })
})
