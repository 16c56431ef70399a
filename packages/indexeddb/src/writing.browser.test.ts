import { describe, expect, it } from 'vitest'
import { freshName, openStorage } from './opened-storage.fixture.js'
import { insert, tenantId, ticket } from './ticket.fixture.js'

const entity = ticket.name

describe('a batch of which several writes fail', () => {
  it('fails with the first of them, also where IndexedDB finds it last', async () => {
    const session = (await openStorage({ name: freshName() })).session({ tenantId })
    await session.write([insert('a', { reference: 'taken' })])
    const missing = { do: 'delete', entity, id: 'nobody' } as const
    const batches = [
      [
        [insert('b'), insert('a'), missing],
        { code: 'conflict', details: { reason: 'exists', writeIndex: 1, id: 'a' } },
      ],
      [[insert('b'), missing, insert('a')], { code: 'not_found', details: { writeIndex: 1, id: 'nobody' } }],
      [
        [insert('b', { reference: 'taken' }), missing],
        { code: 'conflict', details: { reason: 'unique', index: 'unique_reference', writeIndex: 0, id: 'b' } },
      ],
      [
        [insert('b', { reference: 'new' }), insert('c', { reference: 'new' }), missing],
        { code: 'conflict', details: { reason: 'unique', index: 'unique_reference', writeIndex: 1, id: 'c' } },
      ],
    ] as const
    for (const [batch, error] of batches) await expect(session.write(batch)).rejects.toMatchObject(error)
    expect(await session.getMany(entity, ['b', 'c'])).toEqual([undefined, undefined])
  })
})

describe('writes of one batch', () => {
  it('see what those before them did, also with respect to unique values', async () => {
    const session = (await openStorage({ name: freshName() })).session({ tenantId })
    await session.write([insert('a', { reference: 'x' }), insert('b', { reference: 'y' })])
    await session.write([
      { do: 'patch', entity, id: 'a', set: { reference: null } },
      { do: 'patch', entity, id: 'b', set: { reference: 'x' } },
      insert('c', { reference: 'y' }),
    ])
    const swap = [
      { do: 'patch', entity, id: 'b', set: { reference: 'y' } },
      { do: 'patch', entity, id: 'c', set: { reference: 'x' } },
    ] as const
    await expect(session.write(swap)).rejects.toMatchObject({ details: { reason: 'unique', writeIndex: 0 } })
  })
})

describe('a row that cannot be read', () => {
  it('is not written over', async () => {
    const name = freshName()
    const session = (await openStorage({ name })).session({ tenantId })
    await session.write([insert('a')])
    const request = indexedDB.open(name)
    const database = await new Promise<IDBDatabase>((resolve) => {
      request.onsuccess = () => resolve(request.result)
    })
    const rows = database.transaction('rows', 'readwrite').objectStore('rows')
    const cursor = rows.openCursor()
    cursor.onsuccess = () => cursor.result?.update({ entries: [] })
    await new Promise((resolve) => rows.transaction.addEventListener('complete', resolve))
    database.close()
    const patch = { do: 'patch', entity, id: 'a', set: { status: 'closed' } } as const
    await expect(session.write([patch])).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'corrupt' },
    })
  })
})
