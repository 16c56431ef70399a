import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCrm } from '../../create-crm.js'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import type { Write } from '../../storage/write.js'
import { testClock, testRandom } from '../../testing.js'

let crm: Crm
let shop: CrmSession
/** Runs before a batch reaches the storage; batches are counted. */
let beforeWrite: (batch: readonly Write[]) => Promise<void>
let batches = 0

beforeEach(async () => {
  beforeWrite = async () => {}
  crm = await createCrm({ storage: watched(memoryStorage()), clock: testClock(), random: testRandom() })
  shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  batches = 0
})
afterEach(() => crm.close())

function watched(storage: StorageAdapter): StorageAdapter {
  return new Proxy(storage, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== 'session') return member.bind(target)
      return (scope: { tenantId: string }) => {
        const session = target.session(scope)
        const write: typeof session.write = async (batch, options) => {
          batches++
          await beforeWrite(batch)
          return session.write(batch, options)
        }
        return new Proxy(session, {
          get(inner, key) {
            if (key === 'write') return write
            const value: unknown = Reflect.get(inner, key, inner)
            return typeof value === 'function' ? value.bind(inner) : value
          },
        })
      }
    },
  })
}

const ref = (externalId: string, system = 'shop') => ({ system, externalId })
const once = (work: () => Promise<unknown>): typeof beforeWrite => {
  let done = false
  return async () => {
    if (done) return
    done = true
    await work()
  }
}

describe('upsert by external ref', () => {
  it('a second time writes nothing', async () => {
    const input = { externalRef: ref('1'), firstName: 'Ada', emails: [{ address: 'ada@example.com' }], tags: ['vip'] }
    const first = await shop.contacts.upsert(input)
    batches = 0
    expect(await shop.contacts.upsert(input)).toEqual(first)
    expect(batches).toBe(0)
  })

  it('finds the record that somebody else created in between', async () => {
    let other: Promise<unknown> | undefined
    beforeWrite = once(() => {
      other = shop.contacts.upsert({ externalRef: ref('1'), firstName: 'First' })
      return other
    })
    const second = await shop.contacts.upsert({ externalRef: ref('1'), lastName: 'King' })
    expect(second).toMatchObject({ version: 2, firstName: 'First', lastName: 'King' })
    expect(await shop.contacts.count()).toBe(1)
  })

  it('repeats its change when somebody else changed another field in between', async () => {
    const { id } = await shop.contacts.upsert({ externalRef: ref('1'), firstName: 'Ada' })
    beforeWrite = once(() => shop.contacts.update(id, { jobTitle: 'Countess' }))
    const changed = await shop.contacts.upsert({ externalRef: ref('1'), lastName: 'King' })
    expect(changed).toMatchObject({ version: 3, jobTitle: 'Countess', lastName: 'King', fullName: 'Ada King' })
  })

  it('an address that belongs to another contact is a conflict that names the field, and writes nothing', async () => {
    await shop.contacts.create({ emails: [{ address: 'ada@example.com' }] })
    await expect(
      shop.contacts.upsert({ externalRef: ref('1'), emails: [{ address: 'ADA@example.com' }] }),
    ).rejects.toMatchObject({ code: 'conflict', details: { field: 'emails', remedy: expect.any(String) } })
    expect(await shop.contacts.findByExternalRef(ref('1'))).toBeUndefined()
  })

  it.each([undefined, null, 5, [], {}, { externalRef: { system: 'shop' } }, { externalRef: ref('') }])(
    '%j is refused as input',
    async (input) => {
      await expect(shop.contacts.upsert(input as never)).rejects.toMatchObject({ code: 'validation_failed' })
      expect(batches).toBe(0)
    },
  )
})

describe('upserting many', () => {
  const inputs = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ externalRef: ref(`${index}`), firstName: `Customer ${index}` }))
  const outcomes = (reports: readonly { outcome: string }[]) => reports.map(({ outcome }) => outcome)

  it('writes one batch, whatever is created or changed, and none when nothing differs', async () => {
    // The first contact makes the key of its tenant, in a batch of its own.
    await shop.contacts.create({ emails: [{ address: 'first@example.com' }] })
    batches = 0
    await shop.contacts.upsertMany(inputs(3))
    expect(batches).toBe(1)
    const next = inputs(5).with(1, { externalRef: ref('1'), firstName: 'Renamed' })
    expect(outcomes(await shop.contacts.upsertMany(next))).toEqual([
      'unchanged',
      'updated',
      'unchanged',
      'created',
      'created',
    ])
    expect(batches).toBe(2)
    expect(outcomes(await shop.contacts.upsertMany(next))).toEqual(Array(5).fill('unchanged'))
    expect(batches).toBe(2)
  })

  it('one wrong item fails alone, whether its input is wrong or what is stored forbids it', async () => {
    await shop.contacts.create({ emails: [{ address: 'taken@example.com' }] })
    const list = [
      ...inputs(2),
      { externalRef: ref('bad'), firstName: 5 },
      null,
      { externalRef: ref('taken'), emails: [{ address: 'taken@example.com' }] },
      { externalRef: ref('twin'), emails: [{ address: 'twin@example.com' }] },
      { externalRef: ref('other'), emails: [{ address: 'TWIN@example.com' }] },
    ]
    const reports = await shop.contacts.upsertMany(list as never)
    expect(outcomes(reports)).toEqual(['created', 'created', 'failed', 'failed', 'failed', 'created', 'failed'])
    expect(
      reports.map((report) => (report.outcome === 'failed' ? [report.error.code, report.error.details.field] : 0)),
    ).toEqual([
      0,
      0,
      ['validation_failed', 'firstName'],
      ['validation_failed', ''],
      ['conflict', 'emails'],
      0,
      ['conflict', 'emails'],
    ])
    expect(await shop.contacts.count()).toBe(4)
  })

  it('a ref named twice, or two refs of one record, fail in their second item', async () => {
    await shop.contacts.create({ firstName: 'Ada', externalRefs: [ref('1'), ref('1', 'erp')] })
    const reports = await shop.contacts.upsertMany([
      { externalRef: ref('1'), lastName: 'King' },
      { externalRef: ref('1'), lastName: 'Byron' },
      { externalRef: ref('1', 'erp'), lastName: 'Lovelace' },
    ])
    expect(outcomes(reports)).toEqual(['updated', 'failed', 'failed'])
    expect(await shop.contacts.findByExternalRef(ref('1', 'erp'))).toMatchObject({ lastName: 'King', version: 2 })
  })

  it('a change that came in between makes the items go one by one, and loses nothing', async () => {
    await shop.contacts.upsertMany(inputs(3))
    const known = await shop.contacts.findByExternalRef(ref('1'))
    beforeWrite = once(() => shop.contacts.update(known?.id as string, { jobTitle: 'Countess' }))
    const reports = await shop.contacts.upsertMany(inputs(3).map((input) => ({ ...input, lastName: 'King' })))
    expect(outcomes(reports)).toEqual(['updated', 'updated', 'updated'])
    expect(await shop.contacts.findByExternalRef(ref('1'))).toMatchObject({ jobTitle: 'Countess', lastName: 'King' })
  })

  it('takes at most 1,000 and no other thing than a list', async () => {
    for (const wrong of [inputs(1_001), {}, null, 'list']) {
      await expect(shop.contacts.upsertMany(wrong as never)).rejects.toMatchObject({ details: { field: 'inputs' } })
    }
    expect(await shop.contacts.upsertMany([])).toEqual([])
    expect(batches).toBe(0)
  })
})
