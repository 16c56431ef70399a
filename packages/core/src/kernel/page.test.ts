import { expect, test } from 'vitest'
import { eachItem, type Page } from './page.js'

const pages: Readonly<Record<string, Page<number>>> = {
  first: { items: [1, 2], cursor: 'second' },
  second: { items: [], cursor: 'third' },
  third: { items: [3] },
}

test('eachItem gives the items of all pages in order, past an empty page, and asks for each page once', async () => {
  const asked: (string | undefined)[] = []
  const items: number[] = []
  for await (const item of eachItem(async (cursor) => {
    asked.push(cursor)
    return pages[cursor ?? 'first'] as Page<number>
  }))
    items.push(item)
  expect(items).toEqual([1, 2, 3])
  expect(asked).toEqual([undefined, 'second', 'third'])
})

test('eachItem reads no page that nobody asked for', async () => {
  const asked: (string | undefined)[] = []
  for await (const item of eachItem(async (cursor) => {
    asked.push(cursor)
    return pages[cursor ?? 'first'] as Page<number>
  }))
    if (item === 2) break
  expect(asked).toEqual([undefined])
})

test('eachItem passes on what a page throws', async () => {
  const walk = eachItem(async () => {
    throw new Error('broken')
  })
  await expect(walk.next()).rejects.toThrow('broken')
})
