import { describe, expect, it } from 'vitest'
import { deleteIndexedDbStorage, indexedDbStorage } from './index.js'

describe('outside a browser', () => {
  it('can be imported and made, and says what is missing when it is opened', async () => {
    const storage = indexedDbStorage({ name: 'rapport' })
    const missing = { code: 'unsupported', details: { remedy: expect.stringContaining('browser') } }
    await expect(storage.open()).rejects.toMatchObject(missing)
    await expect(deleteIndexedDbStorage({ name: 'rapport' })).rejects.toMatchObject(missing)
    await storage.close()
  })

  it('fails as a closed storage does before it is opened', async () => {
    const storage = indexedDbStorage({ name: 'rapport' })
    const closed = { code: 'storage_failed', details: { reason: 'closed' } }
    await expect(storage.plan([])).rejects.toMatchObject(closed)
    await expect(storage.session({ tenantId: 'acme' }).getMany('a', ['1'])).rejects.toMatchObject(closed)
    expect(() => storage.session({ tenantId: 'acme' }).watch?.(() => {})).toThrow('not open')
  })

  it('refuses options that make no sense', () => {
    const options = (more: object) => () => indexedDbStorage({ name: 'rapport', ...more })
    expect(options({ name: '' })).toThrow(TypeError)
    expect(options({ durability: 'none' })).toThrow(TypeError)
    expect(options({ release: 0 })).toThrow(TypeError)
    expect(options({ release: 1.5 })).toThrow(TypeError)
    expect(options({ maxScan: 0 })).toThrow(TypeError)
    expect(options({ blockedTimeoutMs: -1 })).toThrow(TypeError)
  })

  it('refuses a tenant without an id, and a transaction of the host', () => {
    const storage = indexedDbStorage({ name: 'rapport' })
    expect(() => storage.session({ tenantId: '' })).toThrow(TypeError)
    expect(() => storage.session({ tenantId: 'a\u0000b' })).toThrow(TypeError)
    expect(() => storage.session({ tenantId: 'a', transaction: {} })).toThrow(
      expect.objectContaining({ code: 'unsupported' }),
    )
  })
})
