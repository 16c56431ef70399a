import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCrm, crmDefinitions } from '@rapport/core'
import type { StorageAdapter, StorageSession, Write } from '@rapport/core/storage'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileStorage } from './file-storage.js'

const tenantId = 'acme'
const updatedAt = '2026-03-01T10:00:00.000Z'
const counter = (id: string, value: number): Write => ({
  do: 'upsert',
  entity: 'counter',
  row: { id, value, updatedAt },
})

let directory: string
const opened: StorageAdapter[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'file-storage-'))
})
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close()
  rmSync(directory, { recursive: true })
})

async function open(): Promise<StorageSession> {
  const storage = fileStorage({ directory })
  await storage.open()
  opened.push(storage)
  await storage.apply(await storage.plan(crmDefinitions()))
  return storage.session({ tenantId })
}

async function reopen(): Promise<StorageSession> {
  await opened.pop()?.close()
  return open()
}

const valuesOf = async (session: StorageSession): Promise<unknown[]> => {
  const { rows } = await session.find({ entity: 'counter', order: ['id'], limit: 1_000 })
  return rows.map(({ value }) => value)
}

const log = (): string => join(directory, readdirSync(directory).find((name) => name.endsWith('.log')) as string)

describe('a file storage', () => {
  test('carries a CRM across restarts', async () => {
    const start = async () => createCrm({ storage: fileStorage({ directory }) })
    const actor = { type: 'user', id: 'u_7' } as const
    const first = await start()
    const ada = await first
      .session({ tenantId, actor })
      .contacts.create({ firstName: 'Ada', emails: [{ address: 'ada@example.com' }] })
    await first.close()
    await using second = await start()
    const shop = second.session({ tenantId, actor })
    expect(await shop.contacts.findByEmail('ada@example.com')).toEqual(ada)
    await shop.contacts.update(ada.id, { lastName: 'King' })
    expect(await shop.contacts.verifyHistory(ada.id)).toMatchObject({ intact: true, entries: 2 })
  })

  test('cut at any byte of its last batch has all batches before it, and none of that one', async () => {
    const session = await open()
    await session.write([counter('a', 1), counter('b', 1)])
    const before = statSync(log()).size
    await session.write([counter('a', 2), counter('b', 2)])
    await opened.pop()?.close()
    const whole = readFileSync(log())
    for (let length = before; length < whole.length; length++) {
      writeFileSync(log(), whole.subarray(0, length))
      expect(await valuesOf(await open())).toEqual([1, 1])
      await opened.pop()?.close()
    }
    writeFileSync(log(), Buffer.concat([whole.subarray(0, before + 9), Buffer.alloc(20), Buffer.from('\n')]))
    const again = await open()
    expect(await valuesOf(again)).toEqual([1, 1])
    await again.write([counter('c', 3)])
    expect(await valuesOf(await reopen())).toEqual([1, 1, 3])
  })

  test('damaged in the middle is refused, not read in part', async () => {
    const session = await open()
    await session.write([counter('a', 1)])
    await session.write([counter('b', 1)])
    await opened.pop()?.close()
    writeFileSync(log(), readFileSync(log(), 'utf8').replace('"value":1', '"value":7'))
    await expect(open().then(valuesOf)).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'corrupt' },
    })
  })

  test('is written anew when it has grown, and holds the same rows', async () => {
    const session = await open()
    const ids = Array.from({ length: 500 }, (_, index) => `number ${index}`)
    let largest = 0
    for (let value = 1; value <= 12; value++) {
      await session.write(ids.map((id) => counter(id, value)))
      largest = Math.max(largest, statSync(log()).size)
    }
    expect(statSync(log()).size).toBeLessThan(largest)
    const values = await valuesOf(await reopen())
    expect(values).toEqual(ids.map(() => 12))
  })

  test('is not opened twice, and the lock of a process that is gone gives way', async () => {
    await open()
    await expect(fileStorage({ directory }).open()).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'locked' },
    })
    await opened.pop()?.close()
    writeFileSync(join(directory, 'lock'), '2147483646')
    await open()
  })
})
