import { describe, expect, test } from 'vitest'
import { adminRole } from './access/role.js'
import type { Crm } from './crm.js'
import type { CrmSession } from './crm-session.js'
import { inProcessJobRunner, type Job, type JobRunner } from './entity/job-runner.js'
import { isCrmError } from './kernel/crm-error.js'
import { memoryStorage } from './storage/memory/index.js'
import { createTestCrm, testClock, testRandom } from './testing.js'

const shopOf = (crm: Crm): CrmSession => crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })

const scoresAsOf = '2026-03-01T00:00:00.000Z'

async function recordOrders(shop: CrmSession): Promise<void> {
  for (const [index, days] of [[1, 5, 9], [2], [3, 30]].entries()) {
    const contact = await shop.contacts.create({ firstName: `c${index}` })
    for (const day of days)
      await shop.orders.record({
        contactId: contact.id,
        placedAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
        total: { amountMinor: 1_000 + day, currency: 'EUR' },
      })
  }
}

describe('createTestCrm', () => {
  test('gives the same ids and times every time', async () => {
    const made = await Promise.all(
      [1, 2].map(async () => {
        const crm = await createTestCrm()
        return shopOf(crm).contacts.create({ firstName: 'Ada' })
      }),
    )
    expect(made[0]).toEqual(made[1])
    expect(made[0]?.createdAt).toBe('2026-03-01T10:00:00.000Z')
  })

  test('stands still until its clock is moved, also when the clock was given', async () => {
    for (const crm of [await createTestCrm(), await createTestCrm({ clock: testClock('2026-03-01T10:00:00.000Z') })]) {
      const { contacts } = shopOf(crm)
      const first = await contacts.create({ firstName: 'Ada' })
      crm.clock.advance(1_500)
      const second = await contacts.create({ firstName: 'Grace' })
      crm.clock.set('2027-01-01T00:00:00.000Z')
      const third = await contacts.create({ firstName: 'Mary' })
      expect([first, second, third].map(({ createdAt }) => createdAt)).toEqual([
        '2026-03-01T10:00:00.000Z',
        '2026-03-01T10:00:01.500Z',
        '2027-01-01T00:00:00.000Z',
      ])
      expect(first.id < second.id && second.id < third.id).toBe(true)
    }
  })

  test('takes roles and a storage of the test', async () => {
    const storage = memoryStorage()
    const crm = await createTestCrm({ storage, roles: () => [] })
    await expect(shopOf(crm).contacts.find()).rejects.toMatchObject({ code: 'access_denied' })
    const open = await createTestCrm({ storage, random: testRandom(2) })
    expect((await shopOf(open).contacts.find()).items).toEqual([])
  })
})

test('testRandom repeats with its seed, differs with another, and a seed of zero is one too', () => {
  const draw = (seed?: number) => Array.from(testRandom(seed).bytes(8))
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
  expect(new Set(draw(0)).size).toBeGreaterThan(1)
})

describe('long work', () => {
  test('is done for a host whose roles know nothing of the worker', async () => {
    const errors: unknown[] = []
    const crm = await createTestCrm({
      roles: (_, actor) => (actor.type === 'user' ? [adminRole] : []),
      onError: (error) => errors.push(error),
    })
    const shop = shopOf(crm)
    await recordOrders(shop)
    const run = await shop.scores.refresh(['rfm'], { asOf: scoresAsOf })
    expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
    expect(errors).toEqual([])
  })

  test('that a process left behind is taken up by the tick of the next one', async () => {
    const storage = memoryStorage()
    const lost: Job[] = []
    const dying: JobRunner = {
      enqueue: async (job) => void lost.push(job),
      work: async () => {},
      close: async () => {},
    }
    const first = await createTestCrm({ storage, jobs: dying })
    await recordOrders(shopOf(first))
    const { id } = await shopOf(first).scores.refresh(['rfm'], { asOf: scoresAsOf })
    expect(lost).toHaveLength(1)

    const next = await createTestCrm({ storage, random: testRandom(2), jobs: inProcessJobRunner() })
    expect((await shopOf(next).runs.get(id)).status).toBe('queued')
    expect(await next.tick()).toMatchObject({ resumed: 1 })
    expect(await shopOf(next).runs.wait(id)).toMatchObject({ status: 'done' })
    expect(await next.tick()).toMatchObject({ resumed: 0 })
  })

  test('under way when the CRM closes ends cleanly: nobody hangs and nothing is left over', async () => {
    const errors: unknown[] = []
    const crm = await createTestCrm({ onError: (error) => errors.push(error) })
    const shop = shopOf(crm)
    await recordOrders(shop)
    const { id } = await shop.scores.refresh(['rfm'], { asOf: scoresAsOf })
    const waiting = shop.runs.wait(id).catch((error: unknown) => error)
    await crm.close()
    await crm.close()
    const outcome = await waiting
    if (!isCrmError(outcome)) expect(outcome).toMatchObject({ status: expect.stringMatching(/done|canceled/) })
    expect(errors).toEqual([])
    await expect(shop.contacts.find()).rejects.toMatchObject({ code: 'storage_failed' })
    expect(() => shopOf(crm)).toThrow(expect.objectContaining({ code: 'storage_failed' }))
    await expect(crm.tick()).rejects.toMatchObject({ code: 'storage_failed' })
  })
})
