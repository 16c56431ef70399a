import { expect, test } from 'vitest'

const entries = [
  '@rapport/widgets',
  '@rapport/widgets/customer-table',
  '@rapport/widgets/customer-card',
  '@rapport/widgets/ticket-form',
  '@rapport/widgets/ticket-list',
  '@rapport/widgets/define/customer-table',
  '@rapport/widgets/define/customer-card',
  '@rapport/widgets/define/ticket-form',
  '@rapport/widgets/define/ticket-list',
  '@rapport/widgets/define/all',
]

test.each(entries)('%s can be imported where there is no DOM', async (entry) => {
  expect(globalThis.HTMLElement).toBeUndefined()
  await expect(import(entry)).resolves.toBeDefined()
})
