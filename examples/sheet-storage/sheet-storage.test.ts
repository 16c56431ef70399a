import { createCrm, crmDefinitions } from '@rapport/core'
import { describe, expect, test } from 'vitest'
import { fakeSheetService } from './sheet-service.js'
import { sheetStorage } from './sheet-storage.js'

const tenantId = 'acme'
const actor = { type: 'user', id: 'u_7' } as const

describe('a sheet storage', () => {
  test('carries a CRM: what the sheet cannot do, core does', async () => {
    await using crm = await createCrm({ storage: sheetStorage(fakeSheetService()) })
    const shop = crm.session({ tenantId, actor })
    for (const [firstName, amountMinor] of [
      ['Cy', 5],
      ['Ada', 700],
      ['Bo', 30],
    ] as const) {
      const contact = await shop.contacts.create({ firstName })
      await shop.orders.record({
        contactId: contact.id,
        placedAt: '2026-02-01',
        total: { amountMinor, currency: 'EUR' },
      })
    }
    const { items } = await shop.contacts.find({ where: { firstName: { gt: 'B' } }, orderBy: ['-firstName'], limit: 5 })
    expect(items.map(({ firstName }) => firstName)).toEqual(['Cy', 'Bo'])
    const first = await shop.contacts.find({ orderBy: ['firstName'], limit: 2 })
    const second = await shop.contacts.find({ orderBy: ['firstName'], limit: 2, cursor: first.cursor as string })
    expect([...first.items, ...second.items].map(({ firstName }) => firstName)).toEqual(['Ada', 'Bo', 'Cy'])
    const [ada] = first.items
    expect((await shop.contacts.view360(ada!.id)).orders.totals).toEqual([{ amountMinor: 700, currency: 'EUR' }])
  })

  test('two processes on one sheet lose nothing: who reads an old revision reads again', async () => {
    const service = fakeSheetService()
    const processes = await Promise.all(
      [1, 2].map(async () => {
        const storage = sheetStorage(service)
        await storage.open()
        await storage.plan(crmDefinitions())
        return storage.session({ tenantId })
      }),
    )
    const row = { id: 'visits', value: 0, updatedAt: '2026-03-01T10:00:00.000Z' }
    await processes[0]!.write([{ do: 'insert', entity: 'counter', row }])
    await Promise.all(
      processes.map(async (session) => {
        for (let n = 0; n < 25; n++)
          await session.write([{ do: 'patch', entity: 'counter', id: 'visits', add: { value: 1 } }])
      }),
    )
    const [visits] = await processes[1]!.getMany('counter', ['visits'])
    expect(visits).toMatchObject({ value: 50, version: 51 })
  })

  test('one equality goes over the wire with the request, the rest of a filter does not', async () => {
    const service = fakeSheetService()
    const storage = sheetStorage(service)
    await storage.open()
    await storage.plan(crmDefinitions())
    const session = storage.session({ tenantId })
    const eq = { op: 'eq', path: 'name', value: 'a' } as const
    const gt = { op: 'gt', path: 'updatedAt', value: '2026-01-01T00:00:00.000Z' } as const
    const query = { entity: 'subscription', order: ['id'], limit: 10 } as const
    for (const name of ['a', 'b']) {
      const row = { id: name, name, position: '', updatedAt: '2025-12-01T00:00:00.000Z' }
      await session.write([{ do: 'insert', entity: 'subscription', row }])
    }
    const before = service.requests()
    const page = await session.find({ ...query, where: { op: 'and', args: [gt, eq] } })
    expect(page.rows.map(({ id }) => id)).toEqual(['a'])
    expect(page.residual).toEqual({ op: 'and', args: [gt] })
    expect(service.requests() - before).toBe(1)
    const either = { op: 'or', args: [eq, gt] } as const
    expect(await session.find({ ...query, where: either })).toMatchObject({ residual: either, done: true })
  })
})
