import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CrmSession } from '../../crm-session.js'
import { createTestCrm } from '../../testing.js'

let crm: Awaited<ReturnType<typeof createTestCrm>>
let shop: CrmSession
let ends: { readonly fromType: string; readonly fromId: string; readonly toType: string; readonly toId: string }
beforeEach(async () => {
  crm = await createTestCrm()
  shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const [contact, company] = [await shop.contacts.create({}), await shop.companies.create({ name: 'Works' })]
  ends = { fromType: 'contact', fromId: contact.id, toType: 'company', toId: company.id }
})
afterEach(() => crm.close())

describe('what links of others got wrong', () => {
  test('supaglue #1758: a link that is made twice, one after the other or at once, is there once', async () => {
    const link = () => shop.associations.link({ ...ends, typeKey: 'advises' })
    const made = await Promise.allSettled([link(), link()])
    expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(link()).rejects.toMatchObject({ code: 'conflict', details: { entity: 'association' } })
    expect(await shop.associations.count()).toBe(1)
  })

  test('hubspot: whoever knows a kind of link by its key is not broken by a new label', async () => {
    const kind = { key: 'advises', fromType: 'contact', toType: 'company' }
    await shop.associationTypes.define({ ...kind, label: 'Advises', inverseLabel: 'Is advised by' })
    const link = await shop.associations.link({ ...ends, typeKey: 'advises' })
    await shop.associationTypes.define({ ...kind, label: 'Consults', inverseLabel: 'Is consulted by' })
    const seen = await shop.associations.of({ type: 'company', id: ends.toId }, { typeKey: 'advises' })
    expect(seen.map(({ association }) => association.id)).toEqual([link.id])
    await expect(shop.associations.link({ ...ends, typeKey: 'advises' })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('supaglue: who follows changes hears of a change of links alone', async () => {
    const heard: string[] = []
    crm.subscribe({
      name: 'sync',
      types: ['association.linked', 'association.deleted'],
      handle: ({ type }) => {
        heard.push(type)
      },
    })
    const { id } = await shop.associations.link({ ...ends, typeKey: 'advises' })
    await shop.associations.unlink(id)
    await crm.tick()
    expect(heard).toEqual(['association.linked', 'association.deleted'])
    for (const record of [await shop.contacts.get(ends.fromId), await shop.companies.get(ends.toId)])
      expect(record.version).toBe(1)
  })
})
