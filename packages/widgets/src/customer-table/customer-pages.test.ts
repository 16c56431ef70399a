import { expect, test } from 'vitest'
import type { ListQuery } from '../element/gateway.js'
import { customerPages } from './customer-pages.js'

function serverOf(total: number): { asked: ListQuery[]; client: Parameters<typeof customerPages>[0] } {
  const asked: ListQuery[] = []
  const find = async (query: ListQuery) => {
    asked.push(query)
    const from = Number(query.cursor ?? 0)
    const end = Math.min(total, from + query.limit!)
    const items = Array.from({ length: end - from }, (_, index) => ({ id: `${from + index}` }))
    return { items, ...(end < total && { cursor: `${end}` }) }
  }
  return { asked, client: { contacts: { find } } }
}

async function progressOf(total: number, maxRows: number): Promise<readonly (readonly [number, boolean])[]> {
  const { client } = serverOf(total)
  const seen: [number, boolean][] = []
  for await (const { records, limited } of customerPages(client, {
    pageSize: 4,
    maxRows,
    signal: new AbortController().signal,
  })) {
    seen.push([records.length, limited])
  }
  return seen
}

test('pages follow each other and everything so far is told after each', async () => {
  expect(await progressOf(10, 100)).toEqual([
    [4, false],
    [8, false],
    [10, false],
  ])
})

test('loading stops at the most rows and says that there are more', async () => {
  expect(await progressOf(10, 6)).toEqual([
    [4, false],
    [6, true],
  ])
})

test('exactly as many as allowed is not limited', async () => {
  expect(await progressOf(8, 8)).toEqual([
    [4, false],
    [8, false],
  ])
})

test('an empty page with a cursor ends the list instead of asking for ever', async () => {
  const client = { contacts: { find: async () => ({ items: [], cursor: 'again' }) } }
  const pages = customerPages(client, { pageSize: 4, maxRows: 10, signal: new AbortController().signal })
  expect((await pages.next()).value).toEqual({ records: [], limited: false })
  expect((await pages.next()).done).toBe(true)
})
