import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CrmSession } from '../../index.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import { createTestCrm } from '../../testing.js'
import { readable, storedRows } from './merge-scene.fixture.js'

const user = { type: 'user', id: 'u_1' } as const
const projections = ['contactPoint', 'externalRef', 'timelineEntry', 'recordAlias', 'mergedRelation'] as const
const people = 4

interface Scene {
  readonly shop: CrmSession
  readonly storage: StorageAdapter
  readonly ids: readonly string[]
}

const person = fc.record({
  name: fc.constantFrom(undefined, 'Ada', 'A.', 'Grace'),
  lastName: fc.constantFrom(undefined, 'King', '王'),
  jobTitle: fc.constantFrom(undefined, 'Countess', 'Admiral'),
  emails: fc.integer({ min: 0, max: 2 }),
  optOut: fc.boolean(),
  phone: fc.constantFrom(undefined, '+44 20 7946 0018', '020 7946 0018'),
  friend: fc.constantFrom(undefined, 0, 1, 2, 3),
  tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
  region: fc.constantFrom(undefined, 'north', 'south'),
  stage: fc.constantFrom('subscriber', 'customer', 'other'),
  owner: fc.constantFrom(undefined, 'u_1', 'u_2'),
})
const one = fc.integer({ min: 0, max: people - 1 })
const fact = fc.oneof(
  fc.record({ what: fc.constant('order' as const), who: one, payer: fc.option(one), canceled: fc.boolean() }),
  fc.record({ what: fc.constant('ticket' as const), who: one }),
  fc.record({ what: fc.constant('activity' as const), who: fc.uniqueArray(one, { minLength: 1, maxLength: 3 }) }),
  fc.record({ what: fc.constant('link' as const), who: one, to: one, kind: fc.constantFrom('knows', 'employs') }),
  fc.record({
    what: fc.constant('consent' as const),
    who: one,
    granted: fc.boolean(),
    day: fc.integer({ min: 1, max: 28 }),
  }),
)
const scenes = fc.record({
  people: fc.array(person, { minLength: people, maxLength: people }),
  facts: fc.array(fact, { maxLength: 12 }),
})

async function build(scene: typeof scenes extends fc.Arbitrary<infer S> ? S : never): Promise<Scene> {
  const storage = memoryStorage()
  const crm = await createTestCrm({ storage })
  const shop = crm.session({ tenantId: 'acme', actor: user })
  const { register } = shop.customFields
  await register({ object: 'contact', key: 'region', type: 'text', label: 'Region' })
  await register({ object: 'contact', key: 'friend', type: 'reference', target: 'contact', label: 'Friend' })
  await register({ object: 'order', key: 'payer', type: 'reference', target: 'contact', label: 'Payer' })
  const paid = { entity: 'order', by: 'custom.payer', fn: 'sum', field: 'total' } as const
  await register({ object: 'contact', key: 'paid', type: 'rollUp', rollUp: paid, label: 'Paid' })
  const fans = { entity: 'contact', by: 'custom.friend', fn: 'count' } as const
  await register({ object: 'contact', key: 'fans', type: 'rollUp', rollUp: fans, label: 'Fans' })
  const ids: string[] = []
  for (const [index, each] of scene.people.entries()) {
    const contact = await shop.contacts.upsert({
      externalRef: { system: 'shop', externalId: `c-${index}` },
      ...(each.name !== undefined && { firstName: each.name }),
      ...(each.lastName !== undefined && { lastName: each.lastName }),
      ...(each.jobTitle !== undefined && { jobTitle: each.jobTitle }),
      ...(each.owner !== undefined && { ownerId: each.owner }),
      emails: Array.from({ length: each.emails }, (_, n) => ({
        address: `p${index}.${n}@example.com`,
        optOut: each.optOut,
      })),
      phones: each.phone === undefined ? [] : [{ number: each.phone, optOut: each.optOut }],
      tags: each.tags,
      lifecycleStage: each.stage as 'customer',
      ...(each.region !== undefined && { custom: { region: each.region } }),
    })
    ids.push(contact.id)
  }
  for (const [index, { friend }] of scene.people.entries())
    if (friend !== undefined)
      await shop.contacts.update(ids[index] as string, { custom: { friend: ids[friend] as string } })
  for (const each of scene.facts) await state(shop, ids, each)
  return { shop, storage, ids }
}

async function state(
  shop: CrmSession,
  ids: readonly string[],
  each: typeof fact extends fc.Arbitrary<infer F> ? F : never,
) {
  const idOf = (index: number): string => ids[index] as string
  if (each.what === 'order') {
    const status = each.canceled ? 'canceled' : 'completed'
    const total = { amountMinor: 100, currency: 'EUR' }
    const custom = { payer: each.payer === null ? null : idOf(each.payer) }
    await shop.orders.record({ contactId: idOf(each.who), placedAt: '2026-01-05', status, total, custom })
  } else if (each.what === 'ticket') {
    await shop.tickets.open({ contactId: idOf(each.who), subject: 'Help', description: 'It broke.' })
  } else if (each.what === 'activity') {
    await shop.activities.log({ type: 'call', links: each.who.map((who) => ({ type: 'contact', id: idOf(who) })) })
  } else if (each.what === 'link') {
    if (each.who === each.to) return
    const link = { fromType: 'contact', fromId: idOf(each.who), toType: 'contact', toId: idOf(each.to) }
    await shop.associations.link({ ...link, typeKey: each.kind }).catch(() => undefined)
  } else {
    const statement = {
      contactId: idOf(each.who),
      purpose: 'newsletter',
      channel: 'email' as const,
      source: 'checkout',
    }
    const capturedAt = `2026-01-${String(each.day).padStart(2, '0')}T00:00:00.000Z`
    await shop.consents[each.granted ? 'grant' : 'revoke']({ ...statement, capturedAt })
  }
}

async function snapshot({ shop, storage, ids }: Scene): Promise<unknown> {
  const rows = await Promise.all(projections.map((entity) => storedRows(storage, 'acme', entity)))
  return { seen: await readable(shop, ids), rows }
}

test('merge then unmerge is the identity on everything readable', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenes, fc.integer({ min: 1, max: people - 1 }), async (described, sources) => {
      const scene = await build(described)
      const before = await snapshot(scene)
      const [survivorId, ...others] = scene.ids as [string, ...string[]]
      const { mergeId } = await scene.shop.contacts.merge({ survivorId, mergedIds: others.slice(0, sources) })
      const { conflicts, kept } = await scene.shop.contacts.unmerge(mergeId)
      expect({ conflicts, kept }).toEqual({ conflicts: [], kept: 0 })
      expect(await snapshot(scene)).toEqual(before)
    }),
    { numRuns: 25 },
  )
})

test('two merges are taken back newest first without a trace, and oldest first with every address where it was', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(scenes, fc.boolean(), async (described, newestFirst) => {
      const scene = await build(described)
      const before = await snapshot(scene)
      const [survivorId, second, third] = scene.ids as [string, string, string]
      const merges = [
        (await scene.shop.contacts.merge({ survivorId, mergedIds: [second] })).mergeId,
        (await scene.shop.contacts.merge({ survivorId, mergedIds: [third] })).mergeId,
      ]
      for (const mergeId of newestFirst ? merges.toReversed() : merges) await scene.shop.contacts.unmerge(mergeId)
      if (newestFirst) expect(await snapshot(scene)).toEqual(before)
      else
        expect(await storedRows(scene.storage, 'acme', 'contactPoint')).toHaveLength((before as Before).rows[0].length)
    }),
    { numRuns: 25 },
  )
})

interface Before {
  readonly rows: readonly [readonly unknown[], ...unknown[]]
}

test('the order in which records are named does not matter', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (described) => {
      const results = []
      for (const reversed of [false, true]) {
        const scene = await build(described)
        const [survivorId, ...others] = scene.ids as [string, ...string[]]
        const { fields } = await scene.shop.contacts.merge({
          survivorId,
          mergedIds: reversed ? others.toReversed() : others,
        })
        results.push({ fields, seen: await readable(scene.shop, [survivorId]) })
      }
      expect(results[1]).toEqual(results[0])
    }),
    { numRuns: 10 },
  )
})
