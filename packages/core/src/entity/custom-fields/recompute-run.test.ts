import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'
import { createRecordService } from '../record-service.js'
import type { Checkpoint } from '../run-service.js'
import { failureOf, noteEntity, openSession } from '../session-context.fixture.js'
import { createCustomFieldService } from './custom-field-service.js'
import { recomputeRun } from './recompute-run.js'

test('a recomputation goes on behind its last checkpoint, and doing it again changes nothing', async () => {
  const { context, batches } = await openSession()
  const notes = createRecordService(context, noteEntity)
  const ids: string[] = []
  for (const title of ['a', 'b', 'c']) ids.push((await notes.create({ title })).id)
  const fields = createCustomFieldService(context, { start: async () => ({ id: 'r1' }) as never })
  const formula = { concat: [{ field: 'title' }, '!'] }
  await fields.register({ object: 'note', key: 'loud', label: 'Loud', type: 'formula', formula })
  const saved: unknown[] = []
  const checkpoint = (cursor?: Checkpoint['cursor']): Checkpoint => ({
    cursor,
    signal: new AbortController().signal,
    save: async (state) => void saved.push(state),
  })
  const result = await recomputeRun.execute(context, { object: 'note' }, checkpoint({ after: ids[0], done: 1 }))
  expect(result).toEqual({ object: 'note', records: 3 })
  expect(saved).toEqual([{ cursor: { after: ids[2], done: 3 }, done: 3 }])
  const loud = async () => (await notes.getMany(ids)).map((note) => note?.custom.loud)
  expect(await loud()).toEqual([undefined, 'b!', 'c!'])
  await recomputeRun.execute(context, { object: 'note' }, checkpoint())
  expect(await loud()).toEqual(['a!', 'b!', 'c!'])
  const before = batches.length
  await recomputeRun.execute(context, { object: 'note' }, checkpoint())
  const patches = batches.slice(before).flat()
  expect(patches.filter(({ entity }) => entity === 'note')).toEqual([])
  expect((await notes.getMany(ids)).map((note) => note?.version)).toEqual([1, 1, 1])
})

test('a formula or a roll-up is refused as the target of an import, naming its column', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  await shop.customFields.register({ object: 'contact', key: 'size', label: 'Size', type: 'number' })
  const formula = { multiply: [{ field: 'custom.size' }, 2] }
  await shop.customFields.register({ object: 'contact', key: 'double', label: 'Double', type: 'formula', formula })
  const rollUp = { entity: 'order', by: 'contactId', fn: 'count' } as const
  await shop.customFields.register({ object: 'contact', key: 'orders', label: 'Orders', type: 'rollUp', rollUp })
  for (const [field, cell] of [
    ['custom.double', '4'],
    ['custom.orders', '1'],
  ] as const) {
    const options = {
      file: `First,Value\nAda,${cell}\n`,
      object: 'contact',
      mapping: { First: { field: 'firstName' }, Value: { field } },
      mode: 'create',
    } as const
    const error = await failureOf(shop.imports.preview(options))
    expect(error).toMatchObject({ code: 'validation_failed', details: { field: 'mapping.Value' } })
    expect(error.message, field).toContain('computed')
  }
  await crm.close()
})
