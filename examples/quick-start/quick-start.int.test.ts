import { readFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { quickStart } from './quick-start.js'

test('the example of the README runs on PostgreSQL, and a second time changes nothing', async () => {
  const first = await quickStart(inject('postgresUrl'))
  expect(first.view.contact).toMatchObject({ fullName: 'Ada King', version: 1, orderCount: 1 })
  expect(first.view.orders.totals).toEqual([{ amountMinor: 4999, currency: 'EUR' }])
  expect(first.view.tickets).toMatchObject({ openCount: 1, items: [{ category: 'waitingOnCustomer' }] })
  expect(first.view.scores.map(({ model }) => model)).toEqual(['clv', 'rfm'])
  const second = await quickStart(inject('postgresUrl'))
  expect(second.ada.id).toBe(first.ada.id)
  expect(second.view.contact).toMatchObject({ version: 1, orderCount: 1 })
})

test('the README shows the code that runs', () => {
  const source = readFileSync(new URL('quick-start.ts', import.meta.url), 'utf8')
  const region = /\/\/ #region readme\n([\s\S]*?)\n {2}\/\/ #endregion/.exec(source)?.[1]?.replaceAll(/^ {2}/gm, '')
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(region).toBeTruthy()
  expect(readme).toContain(region)
})
