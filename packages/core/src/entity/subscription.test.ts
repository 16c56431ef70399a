import { describe, expect, test } from 'vitest'
import type { Crm } from '../crm.js'
import type { CrmSession } from '../crm-session.js'
import { memoryStorage } from '../storage/memory/index.js'
import type { StorageAdapter } from '../storage/storage-adapter.js'
import { createTestCrm, testRandom } from '../testing.js'

const shopOf = (crm: Crm, tenantId = 'acme'): CrmSession =>
  crm.session({ tenantId, actor: { type: 'user', id: 'u_1' } })

/** Two processes over one storage must not draw the same ids. */
const anotherProcess = (storage: StorageAdapter, seed: number) => createTestCrm({ storage, random: testRandom(seed) })

/** Subscribes to companies and keeps what was heard as `type name-or-id version`. */
function listen(crm: Crm, from?: 'beginning' | 'now', failOn?: (id: string) => boolean): string[] {
  const heard: string[] = []
  crm.subscribe({
    name: 'mailer',
    ...(from && { from }),
    handle: (event) => {
      if (!event.type.startsWith('company.')) return
      if (failOn?.(event.recordId)) throw new Error('mail server is down')
      heard.push(`${event.type} ${event.recordId} ${event.version}`)
    },
  })
  return heard
}

describe('a durable subscriber', () => {
  test('gets every event once, in order, and nothing anew while nothing happens', async () => {
    const crm = await createTestCrm()
    const heard = listen(crm)
    const { companies } = shopOf(crm)
    const { id } = await companies.create({ name: 'a' })
    await companies.update(id, { name: 'b' })
    await companies.delete(id)
    expect(await crm.tick()).toMatchObject({ delivered: 3 })
    const expected = [`company.created ${id} 1`, `company.updated ${id} 2`, `company.deleted ${id} 3`]
    expect(heard).toEqual(expected)
    expect(await crm.tick()).toMatchObject({ delivered: 0 })
    await companies.restore(id)
    await crm.tick()
    expect(heard).toEqual([...expected, `company.restored ${id} 4`])
  })

  test('from the beginning gets what happened before it came; from now does not', async () => {
    const storage = memoryStorage()
    const crm = await anotherProcess(storage, 1)
    const { companies } = shopOf(crm)
    const old = await companies.create({ name: 'old' })
    const heard = listen(crm)
    const everything: string[] = []
    crm.subscribe({
      name: 'archive',
      from: 'beginning',
      types: ['company.created'],
      handle: (event) => void everything.push(event.recordId),
    })
    const fresh = await companies.create({ name: 'fresh' })
    await crm.tick()
    expect(heard).toEqual([`company.created ${fresh.id} 1`])
    expect(everything).toEqual([old.id, fresh.id])
  })

  test('does not miss the first events of a tenant that comes later', async () => {
    const crm = await createTestCrm()
    const heard = listen(crm)
    await crm.tick()
    const first = await shopOf(crm, 'acme').companies.create({ name: 'a' })
    await crm.tick()
    const second = await shopOf(crm, 'later').companies.create({ name: 'b' })
    await crm.tick()
    expect(heard).toEqual([`company.created ${first.id} 1`, `company.created ${second.id} 1`])
  })

  test('goes on where it was after a restart', async () => {
    const storage = memoryStorage()
    const before = await anotherProcess(storage, 1)
    const heardBefore = listen(before)
    const one = await shopOf(before).companies.create({ name: 'a' })
    await before.tick()
    const two = await shopOf(before).companies.create({ name: 'b' })
    expect(heardBefore).toEqual([`company.created ${one.id} 1`])

    const after = await anotherProcess(storage, 2)
    const heardAfter = listen(after)
    await after.tick()
    expect(heardAfter).toEqual([`company.created ${two.id} 1`])
  })

  test('that fails gets the event again and none is skipped, also across a restart', async () => {
    const storage = memoryStorage()
    const errors: unknown[] = []
    const crm = await createTestCrm({ storage, onError: (error) => errors.push(error) })
    const down = new Set<string>()
    const heard = listen(crm, 'beginning', (id) => down.has(id))
    const made = []
    for (const name of ['a', 'b', 'c']) made.push(await shopOf(crm).companies.create({ name }))
    const [a, b, c] = made.map(({ id }) => `company.created ${id} 1`)
    down.add(made[1]?.id as string)
    await crm.tick()
    await crm.tick()
    expect(heard).toEqual([a])
    expect(errors).toHaveLength(2)

    const next = await anotherProcess(storage, 2)
    const heardNext = listen(next, 'beginning')
    await next.tick()
    expect(heardNext).toEqual([b, c])
  })

  test('that fails does not keep another one, or another tenant, from its events', async () => {
    const crm = await createTestCrm()
    crm.subscribe({
      name: 'broken',
      handle: () => {
        throw new Error('always')
      },
    })
    const heard = listen(crm)
    await shopOf(crm, 'a').companies.create({ name: 'a' })
    await shopOf(crm, 'b').companies.create({ name: 'b' })
    await crm.tick()
    expect(heard).toHaveLength(2)
  })

  test('takes more events than a page holds, in order', async () => {
    const crm = await createTestCrm()
    const heard = listen(crm)
    const { companies } = shopOf(crm)
    const { id } = await companies.create({ name: 'v1' })
    for (let version = 2; version <= 620; version++) await companies.update(id, { name: `v${version}` })
    await crm.tick()
    expect(heard.map((line) => Number(line.split(' ')[2]))).toEqual(
      Array.from({ length: 620 }, (_, index) => index + 1),
    )
  })

  test('is one after the other: two ticks at once do not deliver twice', async () => {
    const crm = await createTestCrm()
    let working = 0
    let most = 0
    const seen: string[] = []
    crm.subscribe({
      name: 'slow',
      handle: async (event) => {
        most = Math.max(most, ++working)
        await new Promise((resolve) => setImmediate(resolve))
        working--
        seen.push(event.id)
      },
    })
    for (const name of ['a', 'b']) await shopOf(crm).companies.create({ name })
    await Promise.all([crm.tick(), crm.tick()])
    expect(most).toBe(1)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(2)
  })

  test('writes its place only when something happened', async () => {
    const storage = memoryStorage()
    const crm = await createTestCrm({ storage })
    listen(crm)
    await shopOf(crm).companies.create({ name: 'a' })
    await crm.tick()
    const positions = async (): Promise<number | undefined> =>
      (await storage.session({ tenantId: 'acme' }).changes?.(undefined, 1_000))?.filter(
        ({ entity }) => entity === 'subscription',
      )[0]?.version
    const before = await positions()
    for (let tick = 0; tick < 5; tick++) await crm.tick()
    expect(before).toBe(1)
    expect(await positions()).toBe(before)
  })

  test('that stopped hears no more', async () => {
    const crm = await createTestCrm()
    const heard: string[] = []
    const stop = crm.subscribe({ name: 'x', handle: ({ type }) => void heard.push(type) })
    stop()
    await shopOf(crm).companies.create({ name: 'a' })
    await crm.tick()
    expect(heard).toEqual([])
  })
})
