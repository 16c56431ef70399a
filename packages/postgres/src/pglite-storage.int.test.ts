import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewRow, Write } from '@rapport/core/storage'
import { expect, test } from 'vitest'
import { hostPGlite } from '../test/fresh-pglite.fixture.js'
import { customer } from './customer.fixture.js'
import { pgliteStorage } from './pglite-storage.js'

const entity = customer.name
const row = (id: string, fields: object = {}): NewRow => ({
  id,
  stage: 'new',
  updatedAt: '2026-03-01T10:00:00.000Z',
  ...fields,
})
const insert = (id: string, fields: object = {}): Write => ({ do: 'insert', entity, row: row(id, fields) })

test("the host's instance and transaction are joined, and left open", async () => {
  const pglite = await hostPGlite()
  try {
    const storage = pgliteStorage({ pglite })
    expect(storage.migrate).toBe('explicit')
    expect(storage.capabilities.durable).toBe(false)
    await storage.open()
    await storage.apply(await storage.plan([customer]))
    const session = storage.session({ tenantId: 'acme' })
    const undone = pglite.transaction(async (transaction) => {
      const inside = storage.session({ tenantId: 'acme', transaction })
      await inside.write([insert('a')])
      await expect(inside.write([insert('a')])).rejects.toMatchObject({ code: 'conflict' })
      expect((await inside.getMany(entity, ['a']))[0]?.id).toBe('a')
      throw new Error('the host changes its mind')
    })
    await expect(undone).rejects.toThrow('changes its mind')
    expect(await session.getMany(entity, ['a'])).toEqual([undefined])
    await pglite.transaction((transaction) =>
      storage.session({ tenantId: 'acme', transaction }).write([insert('b'), insert('c')]),
    )
    expect((await session.getMany(entity, ['b']))[0]).toEqual({ ...row('b'), version: 1 })
    await storage.close()
    expect((await pglite.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  } finally {
    await pglite.close()
  }
})

test('a directory keeps rows and schema, and needs no second migration', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-pglite-'))
  try {
    for (const round of [1, 2]) {
      const storage = pgliteStorage({ dataDir: join(folder, 'data') })
      expect(storage.migrate).toBe('auto')
      expect(storage.capabilities.durable).toBe(true)
      await storage.open()
      const plan = await storage.plan([customer])
      expect(plan.steps.length > 0).toBe(round === 1)
      await storage.apply(plan)
      const session = storage.session({ tenantId: 'acme' })
      await session.write([insert(`row ${round}`)])
      const page = await session.find({ entity, order: ['id'], limit: 10 })
      expect(page.rows).toHaveLength(round)
      await storage.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('an instance together with what opens one is a TypeError', async () => {
  const pglite = { query: async () => ({ rows: [] }), transaction: async () => undefined as never }
  expect(() => pgliteStorage({ dataDir: 'x', pglite })).toThrow(TypeError)
  expect(() => pgliteStorage({ loadDataDir: new Blob(), pglite })).toThrow(TypeError)
})
