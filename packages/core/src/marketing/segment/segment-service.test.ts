import { beforeEach, describe, expect, test } from 'vitest'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'
import { memoryStorage } from '../../storage/memory/index.js'
import { createTestCrm } from '../../testing.js'
import { matchesSegment } from './segment-rules.js'

const staff = { type: 'user', id: 'u_7' } as const
const all = { create: 'yes', read: 'yes', update: 'yes', delete: 'yes' } as const

let crm: Crm
let shop: CrmSession
const storage = memoryStorage()
beforeEach(async () => {
  crm = await createTestCrm({ storage: memoryStorage() })
  shop = crm.session({ tenantId: 'acme', actor: staff })
})

const dynamic = (definition: object) => shop.segments.create({ name: 'Any', kind: 'dynamic', definition } as never)

async function contactsNamed(count: number): Promise<string[]> {
  const ids: string[] = []
  for (let start = 0; start < count; start += 300) {
    const inputs = Array.from({ length: Math.min(300, count - start) }, (_, index) => ({
      externalRef: { system: 'shop', externalId: `c${start + index}` },
      firstName: `C${start + index}`,
    }))
    for (const report of await shop.contacts.upsertMany(inputs)) if ('id' in report) ids.push(report.id)
  }
  return ids
}

describe('a segment', () => {
  test('is dynamic with a definition, or static without', async () => {
    const list = { name: 'List', kind: 'static' } as const
    const wrong = { code: 'validation_failed' }
    await expect(shop.segments.create({ ...list, definition: { and: [] } })).rejects.toMatchObject(wrong)
    await expect(shop.segments.create({ name: 'Any', kind: 'dynamic' })).rejects.toMatchObject(wrong)
    const { id } = await shop.segments.create(list)
    await expect(shop.segments.update(id, { definition: { and: [] } })).rejects.toMatchObject(wrong)
    const any = await dynamic({ and: [] })
    await expect(shop.segments.update(any.id, { definition: null })).rejects.toMatchObject(wrong)
    await expect(shop.segments.update(any.id, { definition: { where: { nothing: 1 } } })).rejects.toMatchObject(wrong)
    await expect(shop.segments.add(any.id, [])).rejects.toMatchObject({ code: 'rule_violated' })
    expect(await shop.segments.update(any.id, { name: 'All' })).toMatchObject({ name: 'All', definition: { and: [] } })
  })

  test('compares names without case and accents, as lists do, also in memory', async () => {
    const contact = await shop.contacts.create({ firstName: 'Zoë', lastName: 'King' })
    const definition = { where: { fullName: { prefix: 'ZOE', fold: true } } }
    expect((await shop.segments.members((await dynamic(definition)).id)).items).toHaveLength(1)
    expect(matchesSegment(definition, { contact, events: [] }, { at: '2026-03-01T10:00:00.000Z' })).toBe(true)
  })

  test('of many comes in pages that read no more than 500 contacts at a time, each once, in the order of their ids', async () => {
    const ids = await contactsNamed(600)
    const everybody = await dynamic({ notPerformed: { type: 'view' } })
    const seen: string[] = []
    for await (const { id } of shop.segments.eachMember(everybody.id)) seen.push(id)
    expect(seen).toEqual(ids.toSorted())
    const page = await shop.segments.members(everybody.id, { limit: 350 })
    expect(page.items).toHaveLength(350)
    const rest = await shop.segments.members(everybody.id, { limit: 1_000, cursor: page.cursor as string })
    expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual(seen)
    expect(rest).not.toHaveProperty('cursor')
  })

  test('takes no cursor of another definition', async () => {
    await contactsNamed(3)
    const { id } = await dynamic({ and: [] })
    const { cursor } = await shop.segments.members(id, { limit: 1 })
    await shop.segments.update(id, { definition: { or: [] } })
    const next = shop.segments.members(id, { limit: 1, cursor: cursor as string })
    await expect(next).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'cursor' } })
  })

  test('is asked about a moment, and its pages stay there', async () => {
    const contact = await shop.contacts.create({ firstName: 'Ada' })
    const { id: visitorId } = await shop.visitors.start()
    const day = (days: number): string =>
      new Date(Date.parse('2026-03-01T10:00:00.000Z') - days * 86_400_000).toISOString()
    await shop.visitors.consents.grant({ visitorId, purpose: 'analytics', source: 'banner', capturedAt: day(30) })
    await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
    await shop.visitors.track({ visitorId, type: 'view', at: day(10) })
    const { id } = await dynamic({ performed: { type: 'view', within: { days: 7 } } })
    const contains = (days: number) => shop.segments.contains(id, contact.id, { at: day(days) })
    expect(await Promise.all([11, 10, 4, 3].map(contains))).toEqual([false, true, true, false])
    expect((await shop.segments.members(id, { at: day(4) })).items).toHaveLength(1)
    expect((await shop.segments.members(id)).items).toEqual([])
  })
})

describe('rights', () => {
  const sessionWith = async (behaviourEvent: object, contact: object = all) => {
    const role = { key: 'r', rights: { '*': all, behaviourEvent, contact } }
    const other = await createTestCrm({ storage, roles: () => [role] })
    return other.session({ tenantId: crypto.randomUUID(), actor: staff })
  }
  const performed = {
    name: 'Any',
    kind: 'dynamic',
    definition: { performed: { type: 'view', where: { page: '/a' } } },
  } as const

  test.each([
    ['no right to events', {}, all],
    ['a mask over the field of the event', { ...all, hiddenFields: ['page'] }, all],
  ])('%s: a segment that looks at it is an oracle, and refused', async (_, events, contact) => {
    const session = await sessionWith(events, contact)
    await expect(session.segments.create(performed)).rejects.toMatchObject({ code: 'access_denied' })
  })

  test('a mask over a field of the contact, however deep the filter lies', async () => {
    const session = await sessionWith(all, { ...all, hiddenFields: ['birthDate'] })
    const where = { birthDate: '1815-12-10' }
    const definition = { and: [{ or: [] }, { not: { where } }] }
    const create = session.segments.create({ name: 'Any', kind: 'dynamic', definition })
    await expect(create).rejects.toMatchObject({ code: 'access_denied', details: { field: 'birthDate' } })
  })
})

test('twenty #23305: somebody who was taken off a list can be put on it again, and two who do so at once do it once', async () => {
  const [id] = await contactsNamed(1)
  const list = await shop.segments.create({ name: 'List', kind: 'static' })
  const add = () => shop.segments.add(list.id, [id as string])
  await add()
  await shop.segments.remove(list.id, [id as string])
  const outcomes = (await Promise.all([add(), add()])).flat().map(({ outcome }) => outcome)
  expect(outcomes.toSorted()).toEqual(['added', 'unchanged'])
  expect((await shop.segments.members(list.id)).items).toHaveLength(1)
})
