import { beforeAll, describe, expect, it } from 'vitest'
import { createCrm } from '../../create-crm.js'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'
import { CrmError } from '../../kernel/crm-error.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { Row } from '../../storage/row.js'
import type { StorageAdapter, StorageSession } from '../../storage/storage-adapter.js'
import { type TestClock, testClock, testRandom } from '../../testing.js'

const asOf = '2026-02-28'
const customers = 270
const tenantId = 'acme'
const models = ['rfm', 'clv', 'value'] as const

interface Shop {
  readonly base: StorageAdapter
  readonly clock: TestClock
  readonly crm: Crm
  readonly session: CrmSession
  readonly contactIds: readonly string[]
}

/** A shop with customers of whom every ninth bought up to four times, told apart by their number. */
async function openShop(wrap: (base: StorageAdapter) => StorageAdapter = (base) => base): Promise<Shop> {
  const base = memoryStorage()
  const clock = testClock()
  const crm = await createCrm({ storage: wrap(base), clock, random: testRandom() })
  const session = crm.session({ tenantId, actor: { type: 'user', id: 'u_1' } })
  const reports = await session.contacts.upsertMany(
    Array.from({ length: customers }, (_, index) => ({
      externalRef: { system: 'shop', externalId: `${index}` },
      firstName: `Customer ${index}`,
    })),
  )
  const contactIds = reports.map((report) => ('id' in report ? report.id : ''))
  const orders = contactIds.flatMap((contactId, index) =>
    Array.from({ length: index % 9 === 0 ? 2 + (index % 3) : 1 }, (_, time) => ({
      contactId,
      placedAt: `2026-0${1 + (time % 2)}-${String(1 + ((index + time * 5) % 28)).padStart(2, '0')}`,
      total: { amountMinor: 1_000 + ((index * 37 + time * 91) % 500), currency: 'EUR' },
    })),
  )
  await session.orders.recordMany(orders)
  return { base, clock, crm, session, contactIds }
}

/** What refreshes leave behind, without when and by which run. */
async function scoresOf(base: StorageAdapter): Promise<Map<string, Row>> {
  const page = await base
    .session({ tenantId })
    .find({ entity: 'score', where: { op: 'and', args: [] }, order: ['id'], limit: 1_000 })
  return new Map(
    page.rows.map(({ computedAt: _, runId: __, updatedAt: ___, version: ____, ...row }) => [
      row.id as string,
      row as Row,
    ]),
  )
}

async function refresh(session: CrmSession): ReturnType<CrmSession['runs']['wait']> {
  const run = await session.scores.refresh(models, { asOf })
  return session.runs.wait(run.id)
}

/** A storage whose process dies at one write: that write and every later call fail. */
function mortal(base: StorageAdapter): {
  storage: StorageAdapter
  dieAtWrite(number: number): void
  readonly isDead: boolean
} {
  let writes = 0
  let last = Number.POSITIVE_INFINITY
  const dead = (): CrmError => new CrmError('storage_failed', 'The process is gone', { retriable: false })
  const session = (inner: StorageSession): StorageSession =>
    new Proxy(inner, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return async (...args: unknown[]) => {
          if (name === 'write') writes++
          if (writes >= last) throw dead()
          return member.apply(target, args)
        }
      },
    })
  const storage = new Proxy(base, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (name === 'session') return (scope: { tenantId: string }) => session(target.session(scope))
      if (name === 'close') return async () => {}
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  return {
    storage,
    dieAtWrite: (number) => {
      last = writes + number
    },
    get isDead() {
      return writes >= last
    },
  }
}

describe('a refresh of scores', () => {
  it('is a run that tells how far it is and what it found', async () => {
    const { crm, session } = await openShop()
    const run = await refresh(session)
    expect(run).toMatchObject({
      kind: 'scores.refresh',
      status: 'done',
      progress: { done: customers, total: customers },
      counts: { ordersRead: 300 },
      result: { customers, orders: 300, excludedOtherCurrency: 0, currency: 'EUR', purchaseModel: 'mbg_nbd' },
    })
    expect(run.result).toMatchObject({
      bgNbd: { model: 'bg_nbd', params: { r: expect.any(Number), alpha: expect.any(Number) } },
      gammaGamma: { model: 'gamma_gamma', params: { p: expect.any(Number) } },
    })
    await crm.close()
  })

  it('projects scores onto contacts without touching version, updatedAt or journal', async () => {
    const { crm, clock, session, contactIds } = await openShop()
    clock.advance(60_000)
    await refresh(session)
    const contact = await session.contacts.get(contactIds[7] as string)
    expect(contact).toMatchObject({
      version: 1,
      updatedAt: '2026-03-01T10:00:00.000Z',
      scores: {
        rfm: { segment: expect.any(String) },
        clv: { currency: 'EUR', asOf: '2026-02-28T23:59:59.999Z' },
        value: { tier: expect.any(String) },
      },
    })
    expect((await session.contacts.history(contact.id)).items).toHaveLength(1)
    expect(await session.contacts.verifyHistory(contact.id)).toMatchObject({ intact: true })
    const scores = await session.scores.of({ type: 'contact', id: contact.id })
    expect(scores.map(({ model, reasons }) => [model, reasons.length > 0])).toEqual([
      ['clv', true],
      ['rfm', true],
      ['value', true],
    ])
    await crm.close()
  })

  it('a second time doubles nothing', async () => {
    const { base, crm, session } = await openShop()
    await refresh(session)
    const first = await scoresOf(base)
    expect(first.size).toBe(customers * models.length)
    await refresh(session)
    expect(await scoresOf(base)).toEqual(first)
    await crm.close()
  })

  describe('when the process dies', () => {
    let expected: Map<string, Row>
    beforeAll(async () => {
      const { base, crm, session } = await openShop()
      await refresh(session)
      expected = await scoresOf(base)
      await crm.close()
    })

    /** Starts a refresh in a process that dies at the given write of it, and opens the next process on what is left. */
    async function interrupted(
      write: number,
    ): Promise<{ next: Crm; after: CrmSession; runId: string; base: StorageAdapter }> {
      let process: ReturnType<typeof mortal> | undefined
      const { base, clock, session } = await openShop((inner) => {
        process = mortal(inner)
        return process.storage
      })
      const run = await session.scores.refresh(models, { asOf })
      process?.dieAtWrite(write)
      for (let turn = 0; turn < 10_000 && !process?.isDead; turn++) await new Promise(setImmediate)
      expect(process?.isDead).toBe(true)
      const next = await createCrm({ storage: base, clock, random: testRandom(2) })
      clock.advance(120_000)
      return { next, after: next.session({ tenantId, actor: session.actor }), runId: run.id, base }
    }

    // Its writes: claim, page read, total known, first batch, checkpoint, second batch, checkpoint, end.
    it.each([1, 2, 3, 4, 5, 6, 7, 8])(
      'at write %i of the run, the next process takes it up where it was',
      async (write) => {
        const { next, after, runId, base } = await interrupted(write)
        expect((await next.tick()).resumed).toBe(1)
        const run = await after.runs.wait(runId)
        expect(run).toMatchObject({ status: 'done', progress: { done: customers, total: customers } })
        expect(await scoresOf(base)).toEqual(expected)
        await next.close()
      },
    )

    it('and orders are removed before the next one starts, nobody is passed over', async () => {
      const { next, after, runId, base } = await interrupted(6)
      const [first] = (await after.orders.find({ orderBy: ['contactId'], limit: 2 })).items
      for await (const order of after.orders.each({ where: { contactId: first?.contactId as string } })) {
        await after.orders.delete(order.id)
      }
      await next.tick()
      await after.runs.wait(runId)
      expect((await scoresOf(base)).size).toBe(expected.size)
      await next.close()
    })
  })

  /** A shop whose storage refuses scores once. */
  async function failingOnce(retriable: boolean): Promise<Shop & { readonly hasFailed: () => boolean }> {
    let failed = false
    const shop = await openShop((inner) => ({
      ...bound(inner),
      session: (scope) => {
        const open = inner.session(scope)
        return {
          ...bound(open),
          write: async (batch, options) => {
            if (!failed && batch.some((write) => write.entity === 'score')) {
              failed = true
              throw new CrmError('storage_failed', 'The connection was lost', { retriable })
            }
            return open.write(batch, options)
          },
        }
      },
    }))
    return { ...shop, hasFailed: () => failed }
  }

  it('that the storage fails for good ends as failed with a clear error, and the next one is whole', async () => {
    const { base, crm, session } = await failingOnce(false)
    expect(await refresh(session)).toMatchObject({
      status: 'failed',
      error: { code: 'storage_failed', message: 'The connection was lost' },
    })
    expect(await refresh(session)).toMatchObject({ status: 'done' })
    expect((await scoresOf(base)).size).toBe(customers * models.length)
    await crm.close()
  })

  it('that the storage fails for a moment goes on at the next tick', async () => {
    const { base, crm, session, hasFailed } = await failingOnce(true)
    const run = await session.scores.refresh(models, { asOf })
    while (!hasFailed() || (await session.runs.get(run.id)).leaseUntil !== undefined) await new Promise(setImmediate)
    expect((await crm.tick()).resumed).toBe(1)
    expect(await session.runs.wait(run.id)).toMatchObject({ status: 'done' })
    expect((await scoresOf(base)).size).toBe(customers * models.length)
    await crm.close()
  })

  it('can be cancelled, and stops at its next checkpoint', async () => {
    let cancel: (() => Promise<unknown>) | undefined
    const { base, crm, session } = await openShop((inner) => ({
      ...bound(inner),
      session: (scope) => {
        const open = inner.session(scope)
        return {
          ...bound(open),
          write: async (batch, options) => {
            const results = await open.write(batch, options)
            if (batch.some((write) => write.entity === 'score')) await cancel?.()
            return results
          },
        }
      },
    }))
    const run = await session.scores.refresh(models, { asOf })
    cancel = () => session.runs.cancel(run.id)
    expect(await session.runs.wait(run.id)).toMatchObject({ status: 'canceled' })
    await expect(session.runs.cancel(run.id)).rejects.toMatchObject({ code: 'rule_violated' })
    await new Promise(setImmediate)
    expect((await scoresOf(base)).size).toBe(250 * models.length)
    await crm.close()
  })
})

/** The members of an object with methods on its prototype, as own properties. */
function bound<T extends object>(target: T): T {
  return new Proxy({} as T, {
    ownKeys: () => namesOf(target),
    getOwnPropertyDescriptor: (_, name) => ({ configurable: true, enumerable: true, value: memberOf(target, name) }),
    get: (_, name) => memberOf(target, name),
  })
}

function namesOf(target: object): string[] {
  const names = new Set<string>(Object.keys(target))
  for (
    let link = Object.getPrototypeOf(target);
    link && link !== Object.prototype;
    link = Object.getPrototypeOf(link)
  ) {
    for (const name of Object.getOwnPropertyNames(link)) if (name !== 'constructor') names.add(name)
  }
  return [...names]
}

function memberOf(target: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name, target)
  return typeof member === 'function' ? member.bind(target) : member
}

describe('what counts for scores', () => {
  const open = async (): Promise<{ crm: Crm; session: CrmSession; base: StorageAdapter; contactId: string }> => {
    const base = memoryStorage()
    const crm = await createCrm({ storage: base, clock: testClock(), random: testRandom() })
    const session = crm.session({ tenantId, actor: { type: 'user', id: 'u_1' } })
    const { id } = await session.contacts.create({ firstName: 'Ada' })
    return { crm, session, base, contactId: id }
  }
  const order = (contactId: string, placedAt: string, more: object = {}) => ({
    contactId,
    placedAt,
    total: { amountMinor: 1_000, currency: 'EUR' },
    ...more,
  })

  it('no purchase at all is no reason to fail', async () => {
    const { crm, session } = await open()
    expect(await refresh(session)).toMatchObject({ status: 'done', result: { customers: 0, orders: 0 } })
    await crm.close()
  })

  it('orders after the moment, canceled, deleted and wholly refunded ones do not count', async () => {
    const { crm, session, contactId } = await open()
    await session.orders.record(order(contactId, '2026-02-28T23:59:59.999Z'))
    await session.orders.record(order(contactId, '2026-03-01T00:00:00.000Z'))
    await session.orders.record(order(contactId, '2026-02-01', { status: 'canceled' }))
    await session.orders.record(order(contactId, '2026-02-02', { status: 'refunded' }))
    const refunded = { amountMinor: 1_000, currency: 'EUR' }
    await session.orders.record(order(contactId, '2026-02-03', { status: 'completed', refunded }))
    const deleted = await session.orders.record(order(contactId, '2026-02-04'))
    await session.orders.delete(deleted.id)
    const gift = { total: { amountMinor: 0, currency: 'EUR' } }
    await session.orders.record(order(contactId, '2026-02-05', gift))
    expect(await refresh(session)).toMatchObject({ status: 'done', result: { customers: 1, orders: 2 } })
    const [rfm] = (await session.scores.of({ type: 'contact', id: contactId })).filter(({ model }) => model === 'rfm')
    expect(rfm?.reasons.map(({ evidence }) => evidence.value)).toEqual([0, 2, 10])
    await crm.close()
  })

  it('the currency of most purchases is scored; others are left out and counted', async () => {
    const { crm, session, contactId } = await open()
    const other = await session.contacts.create({ firstName: 'Eve' })
    for (const day of ['01', '02', '03']) await session.orders.record(order(contactId, `2026-02-${day}`))
    const dollars = { total: { amountMinor: 99, currency: 'USD' } }
    await session.orders.record(order(contactId, '2026-02-04', dollars))
    await session.orders.record(order(other.id, '2026-02-04', dollars))
    const { result } = await refresh(session)
    expect(result).toMatchObject({ customers: 1, orders: 3, currency: 'EUR', excludedOtherCurrency: 2 })
    expect(await session.scores.of({ type: 'contact', id: other.id })).toEqual([])
    await crm.close()
  })

  it('amounts of a currency without cents are taken as they are', async () => {
    const { crm, session, contactId } = await open()
    const yen = { total: { amountMinor: 1_200, currency: 'JPY' } }
    await session.orders.record(order(contactId, '2026-02-01', yen))
    await refresh(session)
    const [rfm] = (await session.scores.of({ type: 'contact', id: contactId })).filter(({ model }) => model === 'rfm')
    expect(rfm?.reasons.at(-1)?.evidence.value).toBe(1_200)
    await crm.close()
  })

  it('a contact that is gone is passed over', async () => {
    const { crm, session, base, contactId } = await open()
    const other = await session.contacts.create({ firstName: 'Eve' })
    await session.orders.record(order(contactId, '2026-02-01'))
    await session.orders.record(order(other.id, '2026-02-01'))
    await base.session({ tenantId }).write([{ do: 'delete', entity: 'contact', id: other.id }])
    expect(await refresh(session)).toMatchObject({ status: 'done', result: { customers: 2 } })
    expect(await session.scores.of({ type: 'contact', id: contactId })).toHaveLength(models.length)
    expect((await scoresOf(base)).size).toBe(models.length)
    await crm.close()
  })

  it.each([
    ['models', () => [['rfm', 'magic'], { asOf }]],
    ['models', () => [[], { asOf }]],
    ['asOf', () => [['rfm'], {}]],
    ['asOf', () => [['rfm'], undefined]],
    ['asOf', () => [['rfm'], { asOf: '2026-02-30' }]],
    ['purchaseModel', () => [['rfm'], { asOf, purchaseModel: 'magic' }]],
    ['speed', () => [['rfm'], { asOf, speed: 'fast' }]],
  ] as [string, () => [string[], object]][])('a wrong %s is refused before a run is made', async (field, input) => {
    const { crm, session } = await open()
    const [asked, options] = input()
    await expect(session.scores.refresh(asked as never, options as never)).rejects.toMatchObject({
      code: 'validation_failed',
      details: { issues: [expect.objectContaining({ path: expect.stringContaining(field) })] },
    })
    expect(await session.runs.count()).toBe(0)
    await crm.close()
  })
})
