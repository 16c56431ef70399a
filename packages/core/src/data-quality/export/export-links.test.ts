import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const

test('contacts are exported with the companies they work for, their roles there, and former ones when asked for', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const [tea, cake] = [await shop.companies.create({ name: 'Tea' }), await shop.companies.create({ name: '@Cake' })]
  const ada = await shop.contacts.create({ lastName: 'King' })
  await shop.contacts.addRole(ada.id, { companyId: tea.id, title: 'Head', department: '=1+1' })
  await shop.contacts.addRole(ada.id, { companyId: cake.id, title: 'Clerk', from: '2001-01-01', to: '2002-02-02' })
  const company = {
    object: 'company',
    typeKey: 'role',
    fields: ['name'],
    linkFields: ['title', 'department', 'to'],
  } as const
  const csv = async (relation: object): Promise<string> => {
    let text = ''
    const relations = { company: { ...company, ...relation } }
    for await (const line of shop.exports.csv({ object: 'contact', fields: ['lastName'], relations })) text += line
    return text
  }
  const header = '\ufefflastName,company.name,company.link.title,company.link.department,company.link.to\r\n'
  expect(await csv({})).toBe(`${header}King,Tea,Head,"'=1+1",\r\n`)
  expect(await csv({ former: true, linkFields: ['title', 'to'] })).toMatch(/Tea; @Cake,Head; Clerk,2002-02-02\r\n$/)
  await expect(csv({ linkFields: ['secret'] })).rejects.toMatchObject({ code: 'validation_failed' })
  await expect(csv({ typeKey: undefined, from: 'primaryCompanyId' })).rejects.toMatchObject({
    details: { field: 'relations.company.linkFields' },
  })
  await crm.close()
})
