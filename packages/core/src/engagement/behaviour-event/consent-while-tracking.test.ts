import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CrmSession } from '../../crm-session.js'
import { withObservedWrites } from '../../observed-writes.fixture.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import type { Write } from '../../storage/write.js'
import { createTestCrm } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const
const statement = { purpose: 'analytics', source: 'banner' } as const
const refused = { outcome: 'refused', reason: 'no_consent' }

let crm: Awaited<ReturnType<typeof createTestCrm>>
let shop: CrmSession
let inner: StorageAdapter
/** Sizes of the batches with events, and what happens once before the next one. */
const tracking = { batches: [] as number[], meanwhile: undefined as (() => Promise<unknown>) | undefined }
beforeEach(async () => {
  Object.assign(tracking, { batches: [], meanwhile: undefined })
  inner = memoryStorage()
  const storage = withObservedWrites(inner, async (batch) => {
    if (!batch.some(({ entity }) => entity === 'behaviourEvent')) return
    tracking.batches.push(batch.length)
    const act = tracking.meanwhile
    tracking.meanwhile = undefined
    await act?.()
  })
  crm = await createTestCrm({ storage })
  shop = crm.session({ tenantId: 'acme', actor: staff })
})
afterEach(() => crm.close())

const now = (): string => new Date(crm.clock.now()).toISOString()
const view = (visitorId: string) => ({ visitorId, type: 'view', at: now() })

async function known() {
  const contact = await shop.contacts.create({})
  const { id: visitorId } = await shop.visitors.start()
  await shop.visitors.consents.grant({ visitorId, ...statement })
  await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
  return { visitorId, contactId: contact.id }
}

test.each([
  ['by the visitor', ({ visitorId }) => shop.visitors.consents.revoke({ visitorId, ...statement })],
  [
    'by the person, who said nothing before',
    ({ contactId }) => shop.consents.deny({ contactId, channel: 'web', ...statement }),
  ],
  ['by somebody else who signs in', ({ visitorId }) => signIn(visitorId)],
] as const satisfies readonly (readonly [string, (who: Awaited<ReturnType<typeof known>>) => Promise<unknown>])[])(
  'no event is kept once consent is taken back between the look at it and the write: %s',
  async (_, takeBack) => {
    const who = await known()
    tracking.meanwhile = () => takeBack(who)
    expect(await shop.visitors.track(view(who.visitorId))).toEqual(refused)
    expect(await shop.visitors.events(who)).toEqual({ items: [] })
  },
)

async function signIn(visitorId: string): Promise<void> {
  const other = await shop.contacts.create({})
  await shop.visitors.identify({ visitorId, contactId: other.id, verified: true })
}

test('nor where the grant was stated before statements left a mark', async () => {
  const who = await known()
  const session = inner.session({ tenantId: 'acme' })
  const { rows } = await session.find({ entity: 'consentMark', order: ['id'], limit: 10 })
  await session.write(rows.map(({ id }) => ({ do: 'delete', entity: 'consentMark', id }) as const))
  tracking.meanwhile = () => shop.visitors.consents.revoke({ ...statement, visitorId: who.visitorId })
  expect(await shop.visitors.track(view(who.visitorId))).toEqual(refused)
})

test('what is said of another purpose is in nobody’s way', async () => {
  const { visitorId } = await known()
  tracking.meanwhile = () => shop.visitors.consents.revoke({ visitorId, ...statement, purpose: 'advertising' })
  expect(await shop.visitors.track(view(visitorId))).toMatchObject({ outcome: 'stored' })
  expect(tracking.batches).toHaveLength(1)
})

test('300 events of 300 people are kept, in batches that a storage takes', async () => {
  const stamp = { createdAt: now(), updatedAt: now(), createdBy: staff, updatedBy: staff, version: 1 }
  const ids = Array.from({ length: 300 }, (_, n) => `visitor-${n}`)
  const given = { ...statement, channel: 'web', status: 'granted', legalBasis: 'consent', capturedAt: now() }
  const rows = ids.flatMap((id): Write[] => [
    { do: 'insert', entity: 'visitor', row: { ...stamp, id, contactId: `contact of ${id}`, startedAt: now() } },
    { do: 'insert', entity: 'visitorConsent', row: { ...stamp, ...given, id: `consent of ${id}`, visitorId: id } },
  ])
  await inner.session({ tenantId: 'acme' }).write(rows)
  const reports = await shop.visitors.trackMany(ids.map(view))
  expect(new Set(reports.map(({ outcome }) => outcome))).toEqual(new Set(['stored']))
  expect(tracking.batches).toHaveLength(2)
  expect(Math.max(...tracking.batches)).toBeLessThanOrEqual(1_000)
})
