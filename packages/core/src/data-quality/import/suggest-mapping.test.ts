import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const

test('headers in English and Chinese and the cells under them say where columns go, how surely and why', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  await shop.customFields.register({ object: 'contact', key: 'shoeSize', type: 'number', label: '鞋码' })
  const file = [
    '姓;名;E-mail Address;手机号码;Date of birth;鞋码;客户编号;Favourite colour',
    '王;伟;wei@example.cn;+86 138 0013 8000;3/4/1990;42,5;K-1;red',
    '李;娜;na@example.cn;+86 139 0013 8000;5/6/1991;38;K-2;blue',
  ].join('\r\n')
  const suggestion = await shop.imports.suggest({ file, object: 'contact' })
  expect(suggestion).toMatchObject({
    format: 'csv',
    encoding: { encoding: 'utf-8', certain: true },
    delimiter: ';',
    quote: '"',
    mapping: {
      姓: 'lastName',
      名: 'firstName',
      'E-mail Address': 'emails',
      手机号码: 'phones',
      鞋码: 'custom.shoeSize',
    },
  })
  const column = (name: string) => suggestion.columns.find((one) => one.column === name)
  expect(column('E-mail Address')?.fields[0]).toEqual({
    field: 'emails',
    confidence: expect.closeTo(0.96, 2),
    why: ['word', 'values'],
  })
  // What the cells leave open is asked for, and left out of the mapping until it is said.
  expect(column('Date of birth')).toMatchObject({ fields: [{ field: 'birthDate' }], needs: ['dateOrder'] })
  expect(column('客户编号')).toMatchObject({ fields: [{ field: 'externalRefs' }], needs: ['item'] })
  expect(column('Favourite colour')).toEqual({ column: 'Favourite colour', fields: [], needs: [] })
  expect(await shop.contacts.count()).toBe(0)
})

test('cells alone tell addresses; a header that its cells contradict is in doubt', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const { columns, mapping } = await shop.imports.suggest({
    file: 'Column X,Mail\na@example.com,not given\nb@example.com,unknown\n',
    object: 'contact',
  })
  expect(columns[0]?.fields[0]).toEqual({ field: 'emails', confidence: 0.6, why: ['values'] })
  expect(columns[1]?.fields[0]).toEqual({
    field: 'emails',
    confidence: expect.closeTo(0.36, 2),
    why: ['word', 'against'],
  })
  expect(mapping).toEqual({ 'Column X': 'emails' })
})
