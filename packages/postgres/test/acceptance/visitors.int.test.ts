import { type BehaviourEvent, type CrmSession, createCrm, matchesSegment, type SegmentCondition } from '@rapport/core'
import { memoryStorage } from '@rapport/core/storage/memory'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

const purpose = 'analytics'
const dayMs = 86_400_000

describeOnEveryStorage('visitors', (on) => {
  const open = (tenantId = on().newTenant()) => ({ tenantId, shop: on().crm.session({ tenantId, actor: staff }) })
  const now = (): string => new Date(on().clock.now()).toISOString()
  const daysAgo = (days: number): string => new Date(on().clock.now() - days * dayMs).toISOString()
  /** A visitor that consented a year ago. */
  const consenting = async (shop: CrmSession): Promise<string> => {
    const { id: visitorId } = await shop.visitors.start()
    await shop.visitors.consents.grant({ visitorId, purpose, source: 'banner', capturedAt: daysAgo(365) })
    return visitorId
  }
  const textOf = async (lines: AsyncIterable<string>): Promise<string> => {
    let text = ''
    for await (const line of lines) text += line
    return text
  }
  const typesOf = async (shop: CrmSession, subject: Parameters<CrmSession['visitors']['events']>[0]) =>
    (await shop.visitors.events(subject)).items.map(({ type }) => type)

  test('an anonymous visitor becomes a known person: all that happened on each device is theirs, before and after', async () => {
    const { shop } = open()
    const ada = await shop.contacts.upsert({
      externalRef: { system: 'shop', externalId: 'c-1' },
      emails: [{ address: 'ada@example.com' }],
    })
    const [phone, laptop] = [await consenting(shop), await consenting(shop)]
    const reports = await shop.visitors.trackMany([
      { visitorId: phone, eventId: 'e1', type: 'view', at: daysAgo(2), page: '/tea', product: 'T-1' },
      { visitorId: phone, eventId: 'e2', type: 'search', at: daysAgo(1), query: 'green tea' },
      { visitorId: laptop, eventId: 'e1', type: 'cart', at: daysAgo(3), product: 'T-1', properties: { quantity: 2 } },
    ])
    expect(reports.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored'])
    expect(await typesOf(shop, { contactId: ada.id })).toEqual([])

    const writes = on().calls.writes
    const ref = { system: 'shop', externalId: 'c-1' }
    expect(await shop.visitors.identify({ visitorId: phone, externalRef: ref, verified: true })).toEqual({
      outcome: 'linked',
      visitorId: phone,
    })
    expect(on().calls.writes - writes).toBe(1)
    await shop.visitors.identify({ visitorId: laptop, email: 'ADA@example.com', verified: true })
    const again = { visitorId: laptop, contactId: ada.id, verified: true }
    expect(await shop.visitors.identify(again)).toMatchObject({ outcome: 'already_linked' })

    const late = { visitorId: phone, eventId: 'e0', type: 'wishlist.add', at: daysAgo(4) }
    expect(await shop.visitors.track(late)).toMatchObject({ outcome: 'stored' })
    expect(await typesOf(shop, { contactId: ada.id })).toEqual(['search', 'view', 'cart', 'wishlist.add'])
    const aliases = await shop.visitors.find({ where: { contactId: ada.id } })
    expect(aliases.items.map(({ id }) => id).toSorted()).toEqual([phone, laptop].toSorted())
  })

  test('events are kept once, in any order, and report on each: what is wrong, early, old or unknown fails alone', async () => {
    const { shop } = open()
    const visitorId = await consenting(shop)
    const view = { visitorId, eventId: 'e1', type: 'view', at: daysAgo(1) }
    const batch = [
      view,
      { ...view, at: now() },
      { ...view, eventId: 'ahead', at: new Date(on().clock.now() + 60_000).toISOString() },
      { ...view, eventId: 'tomorrow', at: daysAgo(-1) },
      { ...view, eventId: 'ancient', at: daysAgo(40) },
      { ...view, visitorId: 'nobody-knows-me-here' },
      { ...view, eventId: 'deep', properties: { inside: { deeper: 1 } as never } },
    ]
    const outcomes = (await shop.visitors.trackMany(batch)).map((report) =>
      report.outcome === 'refused' ? report.reason : report.outcome,
    )
    expect(outcomes).toEqual(['stored', 'known', 'stored', 'in_future', 'too_old', 'unknown_visitor', 'invalid'])
    expect(await shop.visitors.trackMany([view])).toMatchObject([{ outcome: 'known' }])
    const { items } = await shop.visitors.events({ visitorId })
    expect(items.map(({ at }) => at)).toEqual([now(), daysAgo(1)])

    const twice = { ...view, eventId: 'raced' }
    const raced = await Promise.all([shop.visitors.track(twice), shop.visitors.track(twice)])
    expect(raced.map(({ outcome }) => outcome).toSorted()).toEqual(['known', 'stored'])
  })

  test('nothing is kept without a consent given before; revoking stops it, and what was kept can be removed', async () => {
    const { shop } = open()
    const { id: visitorId } = await shop.visitors.start()
    const at = (ms: number): string => new Date(on().clock.now() + ms).toISOString()
    const view = (when: string) => shop.visitors.track({ visitorId, type: 'view', at: when })
    expect(await view(now())).toEqual({ outcome: 'refused', reason: 'no_consent' })
    const statement = { visitorId, purpose, source: 'banner' }
    const grant = await shop.visitors.consents.grant({ ...statement, capturedAt: at(-3_600_000) })
    expect(await view(at(-7_200_000))).toEqual({ outcome: 'refused', reason: 'no_consent' })
    expect(await view(at(-1_000))).toMatchObject({ outcome: 'stored' })
    const other = { visitorId, type: 'view', at: now(), purpose: 'advertising' }
    expect(await shop.visitors.track(other)).toEqual({ outcome: 'refused', reason: 'no_consent' })
    expect(await shop.visitors.events({ visitorId })).toMatchObject({ items: [{ consentId: grant.id, purpose }] })

    await shop.visitors.consents.revoke(statement)
    expect(await view(at(-500))).toEqual({ outcome: 'refused', reason: 'no_consent' })
    expect(await shop.visitors.consents.decide({ visitorId, purpose })).toMatchObject({ reason: 'revoked' })
    const run = await shop.visitors.forgetEvents({ visitorId }, { purpose })
    expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done', result: { removed: 1 } })
    expect(await typesOf(shop, { visitorId })).toEqual([])
  })

  test('chatwoot #4728: another person who signs in on the same device gets a visitor of their own, nobody is merged', async () => {
    const { shop } = open()
    const [ada, bob] = [
      await shop.contacts.create({ firstName: 'Ada' }),
      await shop.contacts.create({ firstName: 'Bob' }),
    ]
    const visitorId = await consenting(shop)
    await shop.visitors.identify({ visitorId, contactId: ada.id, verified: true })
    await shop.visitors.track({ visitorId, type: 'view', at: daysAgo(1) })
    on().clock.advance(1_000)
    const switched = await shop.visitors.identify({ visitorId, contactId: bob.id, verified: true })
    expect(switched).toMatchObject({ outcome: 'new_epoch' })
    expect(switched.visitorId).not.toBe(visitorId)
    on().clock.advance(1_000)
    const cart = { visitorId, type: 'cart', at: now() }
    expect(await shop.visitors.track(cart)).toEqual({ outcome: 'refused', reason: 'no_consent' })
    await shop.visitors.consents.grant({ visitorId, purpose, source: 'banner' })
    expect(await shop.visitors.track(cart)).toMatchObject({ outcome: 'stored' })
    const late = { visitorId, type: 'search', at: daysAgo(1) }
    expect(await shop.visitors.track(late)).toMatchObject({ outcome: 'stored' })

    on().clock.advance(1_000)
    const anonymous = await shop.visitors.reset(visitorId)
    expect(await shop.visitors.get(anonymous)).not.toHaveProperty('contactId')
    const back = await shop.visitors.identify({ visitorId, contactId: ada.id, verified: true })
    expect(back).toEqual({ outcome: 'linked', visitorId: anonymous })
    expect((await typesOf(shop, { contactId: ada.id })).toSorted()).toEqual(['search', 'view'])
    expect(await typesOf(shop, { contactId: bob.id })).toEqual(['cart'])
    expect(await shop.contacts.count()).toBe(2)
  })

  test('chatwoot #2811: an address that belongs to one contact never joins it with a contact of another id', async () => {
    const { shop } = open()
    const ref = (externalId: string) => ({ system: 'shop', externalId })
    const one = await shop.contacts.upsert({ externalRef: ref('1'), emails: [{ address: 'shared@example.com' }] })
    const two = await shop.contacts.upsert({ externalRef: ref('2'), firstName: 'Two' })
    const visitorId = await consenting(shop)
    await shop.visitors.identify({ visitorId, externalRef: ref('2'), verified: true })
    await shop.visitors.track({ visitorId, type: 'view', at: daysAgo(1) })
    const claim = { visitorId, email: 'shared@example.com', verified: true }
    expect(await shop.visitors.identify(claim)).toMatchObject({ outcome: 'new_epoch' })
    expect(await typesOf(shop, { contactId: two.id })).toEqual(['view'])
    expect(await typesOf(shop, { contactId: one.id })).toEqual([])
    expect(await shop.contacts.get(two.id)).toMatchObject({ version: two.version, emails: [] })
    const both = { visitorId, contactId: one.id, email: 'shared@example.com', verified: true }
    await expect(shop.visitors.identify(both)).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('chatwoot #1937: the same address in two tenants is two contacts, and a visitor of one is nobody in the other', async () => {
    const [first, second] = [open(), open()]
    const emails = [{ address: 'abc@example.com' }]
    const [one, two] = [await first.shop.contacts.create({ emails }), await second.shop.contacts.create({ emails })]
    const visitorId = await consenting(first.shop)
    const claim = { visitorId, email: 'abc@example.com', verified: true }
    await expect(second.shop.visitors.identify(claim)).rejects.toMatchObject({ code: 'not_found' })
    await first.shop.visitors.identify(claim)
    await first.shop.visitors.track({ visitorId, type: 'view', at: daysAgo(1) })
    const foreign = await second.shop.visitors.track({ visitorId, type: 'view', at: now() })
    expect(foreign).toEqual({ outcome: 'refused', reason: 'unknown_visitor' })
    expect(await typesOf(first.shop, { contactId: one.id })).toEqual(['view'])
    expect(await typesOf(second.shop, { contactId: two.id })).toEqual([])
  })

  test('chatwoot #2762: whoever cannot prove who they are learns nothing of a contact and moves nothing to it', async () => {
    const { tenantId, shop } = open()
    const ada = await shop.contacts.create({ emails: [{ address: 'ada@example.com' }] })
    const visitorId = await consenting(shop)
    const widget = { key: 'widget', rights: { visitor: { update: 'own' }, behaviourEvent: { create: 'own' } } } as const
    const another = await on().another({ roles: (_, actor) => (actor.type === 'anonymous' ? [widget] : []) })
    const stranger = another.session({ tenantId, actor: { type: 'anonymous', id: visitorId } })
    const claims = ['ada@example.com', 'nobody@example.com'].map((email) => ({ visitorId, email, verified: false }))
    const [known, unknown] = await Promise.all(claims.map((claim) => stranger.visitors.identify(claim)))
    expect(known).toEqual({ outcome: 'unverified', visitorId })
    expect(unknown).toEqual(known)
    for (const session of [shop, stranger])
      expect(await session.visitors.identify({ visitorId, contactId: ada.id, verified: false })).toEqual(known)
    const lie = { visitorId, contactId: ada.id, verified: true }
    await expect(stranger.visitors.identify(lie)).rejects.toMatchObject({ code: 'access_denied' })
    expect(await shop.visitors.get(visitorId)).not.toHaveProperty('contactId')
    await another.close()
  })

  test('merging contacts takes visitors, lists and events along, and unmerging gives them back', async () => {
    const { shop } = open()
    const [ada, adah] = [
      await shop.contacts.create({ firstName: 'Ada' }),
      await shop.contacts.create({ firstName: 'Adah' }),
    ]
    const [phone, laptop] = [await consenting(shop), await consenting(shop)]
    await shop.visitors.identify({ visitorId: phone, contactId: ada.id, verified: true })
    await shop.visitors.identify({ visitorId: laptop, contactId: adah.id, verified: true })
    await shop.visitors.trackMany([
      { visitorId: phone, type: 'view', at: daysAgo(2) },
      { visitorId: laptop, type: 'cart', at: daysAgo(1) },
    ])
    const list = await shop.segments.create({ name: 'Guests', kind: 'static' })
    await shop.segments.add(list.id, [ada.id, adah.id])
    const buyers = await shop.segments.create({
      name: 'Looked and took',
      kind: 'dynamic',
      definition: { and: [{ performed: { type: 'view' } }, { performed: { type: 'cart' } }] },
    })
    const membersOf = async (id: string) => (await shop.segments.members(id)).items.map((contact) => contact.id)
    expect(await membersOf(buyers.id)).toEqual([])
    const { mergeId } = await shop.contacts.merge({ survivorId: ada.id, mergedIds: [adah.id] })
    expect(await typesOf(shop, { contactId: ada.id })).toEqual(['cart', 'view'])
    expect(await membersOf(list.id)).toEqual([ada.id])
    expect(await membersOf(buyers.id)).toEqual([ada.id])
    const stale = { visitorId: phone, contactId: adah.id, verified: true }
    expect(await shop.visitors.identify(stale)).toMatchObject({ outcome: 'already_linked' })

    await shop.contacts.unmerge(mergeId)
    expect(await typesOf(shop, { contactId: ada.id })).toEqual(['view'])
    expect(await typesOf(shop, { contactId: adah.id })).toEqual(['cart'])
    expect((await membersOf(list.id)).toSorted()).toEqual([ada.id, adah.id].toSorted())
  })

  test('unomi: erasing a person walks the payloads of events, and an export shows them before', async () => {
    const { tenantId, shop } = open()
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const visitorId = await consenting(shop)
    const secret = 'ada-king-1815'
    const facts = { page: `/account/${secret}`, query: secret, properties: { login: secret }, product: 'T-1' }
    await shop.visitors.track({ visitorId, type: 'search', at: daysAgo(1), ...facts })
    await shop.visitors.identify({ visitorId, contactId: ada.id, verified: true })
    const exported = await textOf(shop.privacy.export(ada.id))
    for (const entity of ['visitor', 'visitorConsent', 'behaviourEvent'])
      expect(exported).toContain(`"entity":"${entity}"`)
    expect(exported).toContain(secret)

    const run = await shop.privacy.erase(ada.id, { mode: 'anonymise', reason: 'request of the person' })
    expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
    expect(await textOf(shop.backup())).not.toContain(secret)
    expect((await shop.visitors.events({ visitorId })).items).toMatchObject([{ type: 'search', product: 'T-1' }])
    expect(await on().rowCounts(tenantId)).toMatchObject({ behaviourEvent: 1, visitorConsent: 1 })
  })

  test('retention removes visitors with their events; a backup takes them along and restores them elsewhere', async () => {
    const { shop, tenantId } = open()
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const [old, fresh] = [await consenting(shop), await consenting(shop)]
    await shop.visitors.identify({ visitorId: fresh, contactId: ada.id, verified: true })
    await shop.visitors.trackMany([
      { visitorId: old, type: 'view', at: daysAgo(20) },
      { visitorId: fresh, type: 'view', at: daysAgo(1) },
    ])
    await shop.privacy.retention.create({ object: 'visitor', since: 'lastSeenAt', afterDays: 14, action: 'delete' })
    const run = await shop.privacy.retention.apply()
    expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done', result: { applied: 1 } })
    expect(await on().rowCounts(tenantId)).toMatchObject({ visitor: 1, behaviourEvent: 1, visitorConsent: 1 })

    await using elsewhere = await createCrm({ storage: memoryStorage() })
    const copy = elsewhere.session({ tenantId, actor: staff })
    await copy.restore(shop.backup())
    const restored = await copy.visitors.events({ contactId: ada.id })
    expect(restored.items).toEqual((await shop.visitors.events({ contactId: ada.id })).items)
  })

  test('retention takes the personal part out of events by their age, and later the events, but no visitor', async () => {
    const { shop } = open()
    const visitorId = await consenting(shop)
    await shop.visitors.trackMany([
      { visitorId, type: 'view', at: daysAgo(20), page: '/tea', product: 'T-1' },
      { visitorId, type: 'view', at: daysAgo(10), page: '/cups', product: 'T-2', properties: { size: 2 } },
      { visitorId, type: 'view', at: daysAgo(1), page: '/pots', product: 'T-3' },
    ])
    const events = { object: 'behaviourEvent' }
    await shop.privacy.retention.create({ ...events, since: 'receivedAt', afterDays: 1, action: 'delete' })
    const anonymise = { ...events, since: 'at', afterDays: 7, action: 'anonymise' } as const
    const { id } = await shop.privacy.retention.create(anonymise)
    const apply = async () => (await shop.runs.wait((await shop.privacy.retention.apply()).id)).result
    const left = async () =>
      (await shop.visitors.events({ visitorId })).items.map(({ page, product, properties }) => ({
        page,
        product,
        properties,
      }))
    expect(await apply()).toEqual({ applied: 2, held: 0 })
    expect(await left()).toEqual([{ page: '/pots', product: 'T-3' }, { product: 'T-2' }, { product: 'T-1' }])
    expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 0 }, { due: 0 }])
    await shop.privacy.retention.delete(id)
    await shop.privacy.retention.create({ ...anonymise, action: 'delete', afterDays: 14 })
    expect(await apply()).toEqual({ applied: 1, held: 0 })
    expect((await left()).map(({ product }) => product)).toEqual(['T-3', 'T-2'])
    expect(await shop.visitors.get(visitorId)).toMatchObject({ id: visitorId })
  })

  test('a widget may do what is its own: an anonymous one and a signed-in one, never with other people’s visitors', async () => {
    const { tenantId, shop } = open()
    const [ada, bob] = [
      await shop.contacts.create({ firstName: 'Ada' }),
      await shop.contacts.create({ firstName: 'Bob' }),
    ]
    const [own, foreign] = [await consenting(shop), await consenting(shop)]
    const rights = {
      visitor: { create: 'own', update: 'own' },
      visitorConsent: { create: 'own' },
      behaviourEvent: { create: 'own' },
    } as const
    const another = await on().another({ roles: () => [{ key: 'widget', rights }] })
    const anonymous = another.session({ tenantId, actor: { type: 'anonymous', id: own } })
    const view = (visitorId: string) => ({ visitorId, type: 'view', at: now() })
    expect(await anonymous.visitors.track(view(own))).toMatchObject({ outcome: 'stored' })
    const refused = { outcome: 'refused', reason: 'unknown_visitor' }
    expect(await anonymous.visitors.track(view(foreign))).toEqual(refused)
    const said = { purpose, source: 'banner', capturedAt: daysAgo(9) }
    expect(await anonymous.visitors.consents.revoke({ ...said, visitorId: own })).toMatchObject({ capturedAt: now() })
    const others = { ...said, visitorId: foreign }
    await expect(anonymous.visitors.consents.revoke(others)).rejects.toMatchObject({ code: 'not_found' })
    await expect(anonymous.visitors.events({ visitorId: own })).rejects.toMatchObject({ code: 'access_denied' })

    const signedIn = another.session({ tenantId, actor: { type: 'contact', id: ada.id } })
    const claim = { visitorId: foreign, contactId: ada.id, verified: true }
    expect(await signedIn.visitors.track(view(foreign))).toEqual(refused)
    expect(await signedIn.visitors.identify(claim)).toMatchObject({ outcome: 'linked' })
    expect(await signedIn.visitors.track(view(foreign))).toMatchObject({ outcome: 'stored' })
    const asBob = { visitorId: foreign, contactId: bob.id, verified: true }
    await expect(signedIn.visitors.identify(asBob)).rejects.toMatchObject({ code: 'access_denied' })

    const byDefault = on().crm.session({ tenantId, actor: { type: 'anonymous', id: own } })
    await expect(byDefault.visitors.track(view(own))).rejects.toMatchObject({ code: 'access_denied' })
    await another.close()
  })

  test('a segment has the same members asked of the storage, of one contact, and in memory', async () => {
    const { shop } = open()
    const types = ['view', 'search', 'cart']
    const stages = ['lead', 'customer'] as const
    const contacts = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        shop.contacts.create({ firstName: `C${index}`, lifecycleStage: stages[index % 2] as 'lead' }),
      ),
    )
    const seen = new Map<string, BehaviourEvent[]>()
    for (const [index, contact] of contacts.entries()) {
      for (let device = 0; device < index % 3; device++) {
        const visitorId = await consenting(shop)
        await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
        await shop.visitors.trackMany(
          Array.from({ length: index }, (_, event) => ({
            visitorId,
            type: types[(index + event + device) % 3] as string,
            at: daysAgo((event * 7 + device) % 30),
            product: `P-${event % 2}`,
            properties: { color: event % 2 ? 'red' : 'green', tags: [`t${index % 2}`] },
          })),
        )
      }
      seen.set(contact.id, [...(await shop.visitors.events({ contactId: contact.id })).items])
    }
    const fields = fc.constantFrom(
      { product: 'P-1' },
      { 'properties.color': 'red' },
      { 'properties.tags': { has: 't1' } },
      { not: { 'properties.color': 'green' } },
      { 'properties.size': { isNull: true } },
    )
    const term = fc.oneof(
      fc.record(
        {
          type: fc.constantFrom(...types),
          atLeast: fc.nat(3),
          within: fc.record({ days: fc.integer({ min: 1, max: 30 }) }),
          where: fields,
        },
        { requiredKeys: ['type'] },
      ),
      fc.record({ type: fc.constantFrom(...types), atMost: fc.nat(2) }),
      fc.constant({ type: 'view', between: { from: daysAgo(21), to: daysAgo(7) } }),
    )
    const { condition } = fc.letrec<{ condition: SegmentCondition }>((tie) => ({
      condition: fc.oneof(
        { maxDepth: 3 },
        fc.record({ performed: term }),
        fc.record({ notPerformed: term }),
        fc.constantFrom<SegmentCondition>(
          { where: { lifecycleStage: 'customer' } },
          { where: { firstName: { in: ['C1', 'C2', 'C7'] } } },
        ),
        fc.record({ and: fc.array(tie('condition'), { maxLength: 3 }) }),
        fc.record({ or: fc.array(tie('condition'), { maxLength: 3 }) }),
        fc.record({ not: tie('condition') }),
      ),
    }))
    const segment = await shop.segments.create({ name: 'Any', kind: 'dynamic', definition: { and: [] } })
    let members = 0
    await fc.assert(
      fc.asyncProperty(condition, async (definition) => {
        await shop.segments.update(segment.id, { definition })
        const { items } = await shop.segments.members(segment.id)
        const at = now()
        const inMemory = contacts.filter((contact) =>
          matchesSegment(definition, { contact, events: seen.get(contact.id) ?? [] }, { at }),
        )
        expect(items.map(({ id }) => id)).toEqual(inMemory.map(({ id }) => id).toSorted())
        members += items.length
        const [one] = contacts
        expect(await shop.segments.contains(segment.id, one?.id as string)).toBe(
          inMemory.some(({ id }) => id === one?.id),
        )
      }),
      { numRuns: 15, seed: 5 },
    )
    expect(members).toBeGreaterThan(15)
  })

  test('members come page by page, those the actor may read, from a frozen moment; a list is changed by hand', async () => {
    const { tenantId, shop } = open()
    const inputs = Array.from({ length: 7 }, (_, index) => ({
      externalRef: { system: 'shop', externalId: `c${index}` },
      firstName: `C${index}`,
      ownerId: index < 3 ? 'u_own' : 'u_other',
    }))
    const ids = (await shop.contacts.upsertMany(inputs)).map((report) => ('id' in report ? report.id : ''))
    const idle = await shop.segments.create({
      name: 'Idle',
      kind: 'dynamic',
      definition: { notPerformed: { type: 'view', within: { days: 30 } } },
    })
    const pages: string[][] = []
    for (let cursor: string | undefined; ; ) {
      const page = await shop.segments.members(idle.id, { limit: 3, ...(cursor !== undefined && { cursor }) })
      pages.push(page.items.map(({ id }) => id))
      cursor = page.cursor
      if (cursor === undefined) break
    }
    expect(pages.flat()).toEqual(ids.toSorted())
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])

    const seller = {
      key: 'seller',
      rights: { '*': { read: 'own', create: 'own', update: 'own' }, segment: { read: 'all' } },
    } as const
    const another = await on().another({ roles: () => [seller] })
    const own = another.session({ tenantId, actor: { type: 'user', id: 'u_own' } })
    expect((await own.segments.members(idle.id)).items.map(({ id }) => id)).toEqual(ids.slice(0, 3).toSorted())
    await expect(own.segments.contains(idle.id, ids[5] as string)).rejects.toMatchObject({ code: 'not_found' })
    await another.close()

    const list = await shop.segments.create({ name: 'Invited', kind: 'static' })
    const added = await shop.segments.add(list.id, [...ids.slice(0, 2), 'nobody', ids[0] as string])
    expect(added.map(({ outcome }) => outcome)).toEqual(['added', 'added', 'not_found', 'added'])
    expect(await shop.segments.add(list.id, ids.slice(1, 2))).toMatchObject([{ outcome: 'unchanged' }])
    expect(await shop.segments.remove(list.id, ids.slice(0, 1))).toMatchObject([{ outcome: 'removed' }])
    expect(await shop.segments.add(list.id, ids.slice(0, 1))).toMatchObject([{ outcome: 'added' }])
    expect((await shop.segments.members(list.id)).items.map(({ id }) => id)).toEqual(ids.slice(0, 2).toSorted())
    expect(await shop.segments.contains(list.id, ids[4] as string)).toBe(false)
  })

  test('behaviour is the input of a score: points that halve, limits, and the events that they rest on', async () => {
    const { shop } = open()
    const [ada, bob] = [
      await shop.contacts.create({ firstName: 'Ada' }),
      await shop.contacts.create({ firstName: 'Bob' }),
    ]
    const [phone, laptop, idle] = [await consenting(shop), await consenting(shop), await consenting(shop)]
    for (const visitorId of [phone, laptop])
      await shop.visitors.identify({ visitorId, contactId: ada.id, verified: true })
    await shop.visitors.identify({ visitorId: idle, contactId: bob.id, verified: true })
    const reports = await shop.visitors.trackMany([
      { visitorId: phone, type: 'view', at: daysAgo(10) },
      { visitorId: laptop, type: 'view', at: daysAgo(20) },
      { visitorId: laptop, type: 'cart', at: daysAgo(0) },
      { visitorId: phone, type: 'wishlist.add', at: daysAgo(0) },
    ])
    const [firstId, , cartId] = reports.map((report) => ('id' in report ? report.id : ''))
    const engagement = {
      rules: [
        { code: 'view', points: 8 },
        { code: 'cart', group: 'cart', points: 50 },
      ],
      limits: { cart: { most: 20 } },
      halfLifeDays: 10,
    }
    const refresh = async (asOf: string) => {
      const run = await shop.runs.wait((await shop.scores.refresh(['engagement'], { asOf, engagement })).id)
      expect(run).toMatchObject({ status: 'done', progress: { done: 2, total: 2 } })
      return run.result
    }
    expect(await refresh(now())).toEqual({ engagement: { contacts: 2, events: 3 } })
    // 8 after one half-life of 10 days, 8 after two, and 50 held to 20.
    expect(await shop.contacts.get(ada.id)).toMatchObject({
      scores: { engagement: { value: 4 + 2 + 20, asOf: now() } },
    })
    const found = await shop.contacts.find({ where: { 'scores.engagement.value': { gte: 20 } } })
    expect(found.items.map(({ id }) => id)).toEqual([ada.id])
    const [score] = await shop.scores.of({ type: 'contact', id: ada.id })
    expect(score?.reasons.map(({ what, evidence }) => [what, evidence.rule, evidence.eventId])).toEqual([
      ['lead_engagement', 'view', firstId],
      ['lead_engagement', 'cart', cartId],
      ['lead_limit', undefined, undefined],
    ])
    expect(await shop.contacts.get(bob.id)).toMatchObject({ scores: { engagement: { value: 0 } } })

    // Ten days ago there was one view just now, and one ten days before: 8 + 4.
    await refresh(daysAgo(10))
    expect(await shop.contacts.get(ada.id)).toMatchObject({ scores: { engagement: { value: 12 } } })
  })
})
