import { describe, expect, it } from 'vitest'
import { createCrm } from './create-crm.js'
import { migrate, planMigration } from './crm-schema.js'
import { memoryStorage } from './storage/memory/index.js'
import type { StorageAdapter } from './storage/storage-adapter.js'
import { createTestCrm, testClock } from './testing.js'

const user = { type: 'user', id: 'u_1' } as const

/** A memory storage that does not migrate by itself and keeps its data when closed. */
function manual(): StorageAdapter {
  return new Proxy(memoryStorage(), {
    get(target, name) {
      if (name === 'migrate') return 'manual'
      if (name === 'close') return async () => {}
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

describe('the schema', () => {
  it('is brought up to date by migrate, or the CRM says what to do', async () => {
    const storage = manual()
    await expect(createCrm({ storage })).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'schema_behind', remedy: expect.stringContaining('migrate') },
    })
    expect((await planMigration(storage)).steps.length).toBeGreaterThan(0)
    expect((await migrate(storage)).steps.length).toBeGreaterThan(0)
    expect((await planMigration(storage)).steps).toEqual([])
    const crm = await createCrm({ storage })
    await crm.close()
  })

  it('a storage of another contract is refused', async () => {
    await expect(createCrm({ storage: {} as never })).rejects.toThrow(TypeError)
    await expect(createCrm({ storage: undefined as never })).rejects.toThrow(TypeError)
  })
})

describe('sessions', () => {
  it.each([
    ['tenantId', { tenantId: '', actor: user }],
    ['tenantId', { tenantId: 'x'.repeat(201), actor: user }],
    ['tenantId', { tenantId: 'a\u0000b', actor: user }],
    ['tenantId', { actor: user }],
    ['actor', { tenantId: 'acme' }],
    ['actor.name', { tenantId: 'acme', actor: { ...user, name: 'a\u0000b' } }],
    ['cause', { tenantId: 'acme', actor: user, cause: 'x'.repeat(201) }],
    ['actor', { tenantId: 'acme', actor: { type: 'user', id: '' } }],
    ['actor', { tenantId: 'acme', actor: { id: 'u_1' } }],
  ])('need a %s that can be one', async (field, options) => {
    const crm = await createTestCrm()
    expect(() => crm.session(options as never)).toThrow(
      expect.objectContaining({ code: 'validation_failed', details: expect.objectContaining({ field }) }),
    )
    await crm.close()
  })

  it('end with the CRM', async () => {
    const crm = await createTestCrm()
    const session = crm.session({ tenantId: 'acme', actor: user })
    await crm.close()
    await crm.close()
    expect(() => crm.session({ tenantId: 'acme', actor: user })).toThrow(
      expect.objectContaining({ code: 'storage_failed' }),
    )
    await expect(session.contacts.find()).rejects.toMatchObject({ code: 'storage_failed' })
  })
})

describe('events', () => {
  it('crm.on hears of what was committed, until it is told to stop', async () => {
    const crm = await createTestCrm()
    const session = crm.session({ tenantId: 'acme', actor: user, cause: 'request 7' })
    const heard: string[] = []
    const stop = crm.on('*', ({ type }) => heard.push(type))
    crm.on('contact.created', () => {
      throw new Error('a listener that fails harms nobody')
    })
    const { id } = await session.contacts.create({ firstName: 'Ada' })
    await expect(session.contacts.create({ firstName: 5 } as never)).rejects.toThrow()
    stop()
    await session.contacts.update(id, { firstName: 'Eve' })
    expect(heard).toEqual(['contact.created'])
    expect((await session.contacts.history(id)).items[0]).toMatchObject({ cause: 'request 7', actor: user })
    await crm.close()
  })

  it('a failing listener or subscriber is heard of through onError', async () => {
    const errors: unknown[] = []
    const crm = await createTestCrm({ onError: (error) => errors.push(error) })
    crm.on('*', () => {
      throw new Error('listener')
    })
    crm.subscribe({
      name: 'ledger',
      from: 'beginning',
      handle: () => {
        throw new Error('subscriber')
      },
    })
    await crm.session({ tenantId: 'acme', actor: user }).contacts.create({ firstName: 'Ada' })
    await crm.tick()
    expect(errors.map((error) => (error as Error).message)).toEqual(['listener', 'subscriber'])
    await crm.close()
  })

  it('subscribing needs a name, and a storage with a change feed', async () => {
    const crm = await createTestCrm()
    expect(() => crm.subscribe({ name: '', handle: () => {} })).toThrow(TypeError)
    await crm.close()
    const base = memoryStorage()
    const storage = new Proxy(base, {
      get(target, name) {
        if (name === 'capabilities') return { ...target.capabilities, changes: 'none' }
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    const silent = await createCrm({ storage, clock: testClock() })
    expect(() => silent.subscribe({ name: 'ledger', handle: () => {} })).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        details: expect.objectContaining({ remedy: expect.any(String) }),
      }),
    )
    await silent.close()
  })
})
