import { describe, expect, test } from 'vitest'
import type { Role } from '../../access/role.js'
import { type Crm, type CrmOptions, type CrmSession, isCrmError } from '../../index.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import { createTestCrm, type TestClock } from '../../testing.js'
import { readable } from './merge-scene.fixture.js'

const user = { type: 'user', id: 'u_1' } as const

interface Opened {
  readonly crm: Crm & { readonly clock: TestClock }
  readonly shop: CrmSession
  readonly storage: StorageAdapter
}

async function open(options: Partial<CrmOptions> = {}): Promise<Opened> {
  const storage = memoryStorage()
  const crm = await createTestCrm({ storage, ...options, clock: undefined } as never)
  return { crm, storage, shop: crm.session({ tenantId: 'acme', actor: user }) }
}

/** Ada, twice: what a shop and a newsletter know of her. */
async function twoAdas(shop: CrmSession): Promise<readonly [string, string]> {
  const first = await shop.contacts.upsert({
    externalRef: { system: 'shop', externalId: '1' },
    firstName: 'Ada',
    emails: [{ address: 'ada@example.com' }],
    phones: [{ number: '+44 20 7946 0018', type: 'work' }],
  })
  const second = await shop.contacts.upsert({
    externalRef: { system: 'shop', externalId: '2' },
    firstName: 'A.',
    lastName: 'King',
    jobTitle: 'Countess',
    emails: [{ address: 'king@example.com', optOut: true }],
    phones: [{ number: '+44 20 7946 0018', optOut: true }],
  })
  return [first.id, second.id]
}

const order = (contactId: string) => ({
  contactId,
  placedAt: '2026-01-05T00:00:00.000Z',
  total: { amountMinor: 100, currency: 'EUR' },
})

describe('regressions named in the field', () => {
  test('twenty #6276, #25875, frappe/crm #1346: all relations of the merged contact are with the survivor', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const company = await shop.companies.create({ name: 'Works' })
    await shop.orders.record(order(mergedId))
    const ticket = await shop.tickets.open({ contactId: mergedId, subject: 'Help', description: 'It broke.' })
    await shop.activities.log({ type: 'call', links: [{ type: 'contact', id: mergedId }] })
    const link = { fromType: 'contact', fromId: mergedId, toType: 'company', toId: company.id, typeKey: 'worksAt' }
    await shop.associations.link(link)
    const { relations } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect(relations).toEqual({
      activity: 1,
      association: 1,
      conversation: 1,
      message: 1,
      order: 1,
      ticket: 1,
      timelineEntry: 3,
    })
    const view = await shop.contacts.view360(survivorId)
    expect(view.orders.count).toBe(1)
    expect(view.tickets.items).toMatchObject([{ id: ticket.id, contactId: survivorId }])
    expect(view.timeline.items.map(({ recordType }) => recordType).sort()).toEqual(['activity', 'order', 'ticket'])
    expect(view.companies).toMatchObject([{ company: { id: company.id } }])
    expect(view.contact).toMatchObject({ orderCount: 1, lastOrderAt: '2026-01-05T00:00:00.000Z' })
    const visitor = shop.tickets.messages(ticket.id)
    expect((await visitor).items).toMatchObject([{ contactId: survivorId, body: 'It broke.' }])
  })

  test('twenty #15201: the company that was named stays, the other one is gone', async () => {
    const { shop } = await open()
    const named = await shop.companies.create({ name: 'Works' })
    const other = await shop.companies.create({ name: 'Works', industry: 'Mills' })
    await shop.companies.merge({ survivorId: named.id, mergedIds: [other.id] })
    expect(await shop.companies.get(named.id)).toMatchObject({ name: 'Works', industry: 'Mills' })
    await expect(shop.companies.get(other.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('twenty #19312: the preview is whole when the records are equal', async () => {
    const { shop } = await open()
    const [one, two] = [await shop.companies.create({ name: 'Works' }), await shop.companies.create({ name: 'Works' })]
    const preview = await shop.companies.merge({ survivorId: one.id, mergedIds: [two.id], dryRun: true })
    expect(preview.fields.find(({ field }) => field === 'name')).toEqual({
      field: 'name',
      strategy: 'nonEmpty',
      source: one.id,
      value: 'Works',
      conflict: false,
    })
    expect(preview.conflicts).toEqual([])
    expect((await shop.companies.get(two.id)).version).toBe(1)
  })

  test('twenty #14897: a dry run tells fields with their source, conflicts and relations, and changes nothing', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    await shop.orders.record(order(mergedId))
    const before = await readable(shop, [survivorId, mergedId])
    const preview = await shop.contacts.merge({ survivorId, mergedIds: [mergedId], dryRun: true })
    const sourceOf = (name: string) => preview.fields.find(({ field }) => field === name)
    expect(sourceOf('lastName')).toMatchObject({ source: mergedId, value: 'King', conflict: false })
    expect(sourceOf('firstName')).toMatchObject({ source: survivorId, value: 'Ada', conflict: true })
    expect(sourceOf('emails')).toMatchObject({ source: 'combined', strategy: 'union' })
    expect(preview).toMatchObject({ conflicts: ['firstName'], relations: { order: 1, timelineEntry: 1 } })
    expect(await readable(shop, [survivorId, mergedId])).toEqual(before)
  })

  test('atomic: an opt-out on the loser is kept', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const question = { purpose: 'newsletter', channel: 'email' } as const
    const statement = { ...question, source: 'checkout' }
    await shop.consents.revoke({ ...statement, contactId: mergedId, capturedAt: '2026-01-01T00:00:00.000Z' })
    await shop.consents.grant({ ...statement, contactId: survivorId, capturedAt: '2026-02-01T00:00:00.000Z' })
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect(await shop.consents.isGranted({ ...question, contactId: survivorId })).toBe(false)
    const { emails, phones } = await shop.contacts.get(survivorId)
    expect(emails.map(({ address, optOut }) => [address, optOut])).toEqual([
      ['ada@example.com', false],
      ['king@example.com', true],
    ])
    expect(phones).toMatchObject([{ number: '+44 20 7946 0018', type: 'work', optOut: true }])
    await shop.contacts.unmerge(mergeId)
    expect(await shop.consents.isGranted({ ...question, contactId: survivorId })).toBe(true)
    expect(await shop.consents.isGranted({ ...question, contactId: mergedId })).toBe(false)
  })

  test('PostHog #19180: earlier addresses do not vanish, and find the survivor', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect(await shop.contacts.findByEmail('king@example.com')).toMatchObject({ id: survivorId })
    expect(await shop.contacts.findByEmail('ada@example.com')).toMatchObject({ id: survivorId })
    expect(await shop.contacts.findByExternalRef({ system: 'shop', externalId: '2' })).toMatchObject({ id: survivorId })
    expect(await shop.contacts.count()).toBe(1)
  })

  test('chatwoot #2811: what only the second person said is not lost', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect(await shop.contacts.get(survivorId)).toMatchObject({
      firstName: 'Ada',
      lastName: 'King',
      jobTitle: 'Countess',
    })
  })

  test('chatwoot #5115: the direction is the caller’s', async () => {
    const { shop } = await open()
    const [older, newer] = await twoAdas(shop)
    await shop.contacts.merge({ survivorId: newer, mergedIds: [older] })
    expect(await shop.contacts.get(newer)).toMatchObject({ firstName: 'A.' })
    expect(await shop.contacts.resolveId(older)).toBe(newer)
  })

  test('twenty #23305: a link that both have stays once, and a link between the two goes', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const company = await shop.companies.create({ name: 'Works' })
    const to = { toType: 'company', toId: company.id, typeKey: 'worksAt' }
    const both = [survivorId, mergedId].map((fromId) => shop.associations.link({ fromType: 'contact', fromId, ...to }))
    await Promise.all(both)
    await shop.associations.link({
      fromType: 'contact',
      fromId: mergedId,
      toType: 'contact',
      toId: survivorId,
      typeKey: 'knows',
    })
    const before = await readable(shop, [survivorId, mergedId])
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect((await shop.associations.find()).items).toMatchObject([{ fromId: survivorId, toId: company.id }])
    await shop.contacts.unmerge(mergeId)
    expect(await readable(shop, [survivorId, mergedId])).toEqual(before)
  })

  test('unomi #593: scores of the two are dropped, since they speak of neither', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    await shop.orders.record(order(survivorId))
    await shop.orders.record(order(mergedId))
    await shop.runs.wait((await shop.scores.refresh(['rfm'], { asOf: '2026-02-01' })).id)
    const scored = await shop.scores.of({ type: 'contact', id: survivorId })
    expect(scored).toHaveLength(1)
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect(await shop.scores.of({ type: 'contact', id: survivorId })).toEqual([])
    expect((await shop.contacts.get(survivorId)).scores).toBeUndefined()
    await shop.contacts.unmerge(mergeId)
    expect(await shop.scores.of({ type: 'contact', id: survivorId })).toMatchObject([
      { model: 'rfm', value: scored[0]?.value },
    ])
    expect((await shop.contacts.get(mergedId)).scores?.rfm).toBeDefined()
  })
})

describe('strategies', () => {
  test('each field is chosen by its strategy', async () => {
    const { crm, shop } = await open()
    const one = await shop.companies.create({ name: 'Works', employeeCount: 5, industry: 'Mills', tags: ['a'] })
    crm.clock.advance(1_000)
    const two = await shop.companies.create({
      name: 'Works Ltd',
      employeeCount: 7,
      taxId: 'T2',
      tags: ['b'],
      type: 'customer',
    })
    crm.clock.advance(1_000)
    await shop.companies.update(one.id, { industry: 'Looms' })
    await shop.companies.merge({
      survivorId: one.id,
      mergedIds: [two.id],
      fields: {
        name: { take: two.id },
        employeeCount: 'add',
        industry: 'mostRecent',
        taxId: 'survivor',
        tags: 'union',
      },
    })
    const merged = await shop.companies.get(one.id)
    expect(merged).toMatchObject({
      name: 'Works Ltd',
      employeeCount: 12,
      industry: 'Looms',
      tags: ['a', 'b'],
      type: 'customer',
    })
    expect(merged.taxId).toBeUndefined()
  })

  test('oldest and mostRecent go by when the field was set, not by when the record was changed', async () => {
    const { crm, shop } = await open()
    const one = await shop.contacts.create({ jobTitle: 'Clerk', leadSource: 'fair' })
    crm.clock.advance(1_000)
    const two = await shop.contacts.create({ jobTitle: 'Manager', leadSource: 'web' })
    crm.clock.advance(1_000)
    await shop.contacts.update(one.id, { locale: 'de' })
    const fields = { jobTitle: 'mostRecent', leadSource: 'oldest' } as const
    await shop.contacts.merge({ survivorId: one.id, mergedIds: [two.id], fields })
    expect(await shop.contacts.get(one.id)).toMatchObject({ jobTitle: 'Manager', leadSource: 'fair' })
  })

  test('a strategy that a field cannot have, and a field that is not there, are refused', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    for (const [fields, field] of [
      [{ firstName: 'add' }, 'fields.firstName'],
      [{ firstName: 'furthest' }, 'fields.firstName'],
      [{ shoeSize: 'survivor' }, 'fields.shoeSize'],
      [{ firstName: { take: 'somebody' } }, 'fields.firstName.take'],
      [{ firstName: 'best' }, 'fields.firstName'],
    ] as const) {
      const refused = shop.contacts.merge({ survivorId, mergedIds: [mergedId], fields: fields as never })
      await expect(refused).rejects.toMatchObject({ code: 'validation_failed', details: { field } })
    }
  })
})

describe('companies', () => {
  test('a merge across levels of a hierarchy leaves no circle, and unmerging brings the levels back', async () => {
    const { shop } = await open()
    const top = await shop.companies.create({ name: 'Top' })
    const middle = await shop.companies.create({ name: 'Middle', parentCompanyId: top.id })
    const bottom = await shop.companies.create({ name: 'Bottom', parentCompanyId: middle.id })
    const { mergeId } = await shop.companies.merge({ survivorId: bottom.id, mergedIds: [top.id] })
    expect((await shop.companies.get(bottom.id)).parentCompanyId).toBeUndefined()
    expect((await shop.companies.get(middle.id)).parentCompanyId).toBe(bottom.id)
    await shop.companies.unmerge(mergeId)
    expect((await shop.companies.get(bottom.id)).parentCompanyId).toBe(middle.id)
    expect((await shop.companies.get(middle.id)).parentCompanyId).toBe(top.id)
  })
})

describe('unmerge after later changes', () => {
  test('edits since are kept and reported, new relations stay, moved ones go back', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const early = await shop.orders.record(order(mergedId))
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    const late = await shop.orders.record({ ...order(survivorId), placedAt: '2026-02-05T00:00:00.000Z' })
    const { emails } = await shop.contacts.get(survivorId)
    await shop.contacts.update(survivorId, {
      lastName: 'Lovelace',
      locale: 'en',
      emails: [
        ...emails.map((email) => ({ ...email, invalid: email.address === 'king@example.com' })),
        { address: 'new@example.com' },
      ],
    })
    const answer = await shop.contacts.unmerge(mergeId)
    expect(answer).toMatchObject({ conflicts: ['lastName'], kept: 0, restoredIds: [mergedId] })
    const [one, two] = [await shop.contacts.get(survivorId), await shop.contacts.get(mergedId)]
    expect(one).toMatchObject({
      lastName: 'Lovelace',
      locale: 'en',
      orderCount: 1,
      lastOrderAt: '2026-02-05T00:00:00.000Z',
    })
    expect(one.jobTitle).toBeUndefined()
    expect(one.emails.map(({ address }) => address)).toEqual(['ada@example.com', 'new@example.com'])
    expect(two).toMatchObject({
      firstName: 'A.',
      lastName: 'King',
      orderCount: 1,
      emails: [{ address: 'king@example.com', optOut: true, invalid: true }],
    })
    expect((await shop.orders.get(early.id)).contactId).toBe(mergedId)
    expect((await shop.orders.get(late.id)).contactId).toBe(survivorId)
    expect(await shop.contacts.findByEmail('king@example.com')).toMatchObject({ id: mergedId })
    expect(await shop.contacts.resolveId(mergedId)).toBe(mergedId)
  })

  test('a relation that was given to somebody else since stays there', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const third = await shop.contacts.create({ firstName: 'Grace' })
    const moved = await shop.orders.record(order(mergedId))
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    await shop.orders.update(moved.id, { contactId: third.id })
    expect((await shop.contacts.unmerge(mergeId)).kept).toBeGreaterThan(0)
    expect((await shop.orders.get(moved.id)).contactId).toBe(third.id)
    expect((await shop.contacts.get(mergedId)).orderCount).toBe(0)
  })

  test('merges are listed with the id that takes them back, and without values', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    const { items } = await shop.merges.find({ where: { survivorId } })
    expect(items).toMatchObject([{ id: mergeId, mergedIds: [mergedId], status: 'completed', conflicts: ['firstName'] }])
    expect(JSON.stringify(items)).not.toContain('King')
    await shop.contacts.unmerge(mergeId)
    expect((await shop.merges.get(mergeId)).status).toBe('unmerged')
  })

  test('a chain of merges resolves, and is taken back from its end', async () => {
    const { shop } = await open()
    const [one, two] = await twoAdas(shop)
    const three = (await shop.contacts.create({ firstName: 'Third' })).id
    const first = await shop.contacts.merge({ survivorId: two, mergedIds: [one] })
    const second = await shop.contacts.merge({ survivorId: three, mergedIds: [two] })
    expect(await shop.contacts.resolveId(one)).toBe(three)
    await expect(shop.contacts.unmerge(first.mergeId)).rejects.toMatchObject({
      code: 'rule_violated',
      details: { reason: 'survivor_merged' },
    })
    await shop.contacts.unmerge(second.mergeId)
    expect(await shop.contacts.resolveId(one)).toBe(two)
    await shop.contacts.unmerge(first.mergeId)
    expect(await shop.contacts.resolveId(one)).toBe(one)
  })
})

describe('what is refused', () => {
  test('merging with itself, twice the same, nobody, somebody merged, deleted, unknown or of another tenant', async () => {
    const { crm, shop } = await open()
    const [one, two] = await twoAdas(shop)
    const gone = (await shop.contacts.create({ firstName: 'Gone' })).id
    await shop.contacts.delete(gone)
    const foreign = (await crm.session({ tenantId: 'other', actor: user }).contacts.create({ firstName: 'Eve' })).id
    const code = async (survivorId: string, mergedIds: readonly string[]): Promise<string> =>
      shop.contacts.merge({ survivorId, mergedIds }).then(
        () => 'merged',
        (error) => (isCrmError(error) ? `${error.code} ${error.details.reason ?? error.details.field ?? ''}` : 'other'),
      )
    expect(await code(one, [one])).toBe('validation_failed mergedIds.0')
    expect(await code(one, [two, two])).toBe('validation_failed mergedIds.1')
    expect(await code(one, [])).toBe('validation_failed mergedIds')
    expect(await code(one, [gone])).toBe('not_found ')
    expect(await code(gone, [one])).toBe('not_found ')
    expect(await code(one, ['nobody'])).toBe('not_found ')
    expect(await code(one, [foreign])).toBe('not_found ')
    expect(await code(one, [two])).toBe('merged')
    expect(await code(two, [one])).toBe('rule_violated merged')
    expect(await code(one, [two])).toBe('rule_violated merged')
    await expect(shop.contacts.restore(two)).rejects.toMatchObject({
      code: 'rule_violated',
      details: { reason: 'merged' },
    })
  })

  test('unmerging after erasure, twice, or with a survivor that is gone', async () => {
    const { shop, storage } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    await shop.contacts.delete(survivorId)
    const refused = (reason: string) => ({ code: 'rule_violated', details: { reason } })
    await expect(shop.contacts.unmerge(mergeId)).rejects.toMatchObject(refused('survivor_deleted'))
    await shop.contacts.restore(survivorId)
    await expect(shop.companies.unmerge(mergeId)).rejects.toMatchObject({ code: 'not_found' })
    await shop.contacts.unmerge(mergeId)
    await expect(shop.contacts.unmerge(mergeId)).rejects.toMatchObject(refused('unmerged'))
    const again = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    const rows = storage.session({ tenantId: 'acme' })
    const images = await rows.find({ entity: 'mergePreImage', order: ['id'], limit: 100 })
    const own = images.rows.filter((row) => row.recordId === mergedId && row.mergeId === again.mergeId)
    await rows.write(own.map(({ id }) => ({ do: 'delete', entity: 'mergePreImage', id }) as const))
    await expect(shop.contacts.unmerge(again.mergeId)).rejects.toMatchObject(refused('erased'))
  })

  test('the right to edit the survivor, and to read, edit and delete the merged one', async () => {
    const right = { create: 'all', read: 'all', update: 'all', delete: 'all' } as const
    const { shop, crm } = await open({
      roles: (_tenant, actor) =>
        [{ key: actor.id, rights: { contact: { ...right, ...(rights[actor.id] ?? {}) } } }] as readonly Role[],
    })
    const rights: Record<string, object> = {
      editor: { delete: 'no' },
      reader: { update: 'no' },
      owner: { delete: 'own' },
    }
    const one = await shop.contacts.create({ firstName: 'Ada' })
    const two = await shop.contacts.create({ firstName: 'A.', ownerId: 'owner' })
    for (const [id, action] of [
      ['editor', 'delete'],
      ['reader', 'update'],
    ] as const) {
      const session = crm.session({ tenantId: 'acme', actor: { type: 'user', id } })
      const refused = session.contacts.merge({ survivorId: one.id, mergedIds: [two.id] })
      await expect(refused).rejects.toMatchObject({ code: 'access_denied', details: { reason: action } })
    }
    const owner = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'owner' } })
    await expect(owner.contacts.merge({ survivorId: two.id, mergedIds: [one.id] })).rejects.toMatchObject({
      code: 'access_denied',
    })
    await expect(owner.contacts.merge({ survivorId: one.id, mergedIds: [two.id] })).resolves.toMatchObject({
      survivorId: one.id,
    })
  })

  test('a record that was edited since it was looked at is a conflict, and nothing is lost', async () => {
    const { shop } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    await shop.contacts.update(mergedId, { locale: 'en' })
    const ifVersions = { [mergedId]: 1 }
    const refused = shop.contacts.merge({ survivorId, mergedIds: [mergedId], ifVersions })
    await expect(refused).rejects.toMatchObject({ code: 'conflict', details: { id: mergedId, actualVersion: 2 } })
    expect(await shop.contacts.count()).toBe(2)
    const edits = [
      shop.contacts.update(survivorId, { locale: 'de' }),
      shop.contacts.merge({ survivorId, mergedIds: [mergedId] }),
    ]
    await Promise.all(edits)
    expect(await shop.contacts.get(survivorId)).toMatchObject({ locale: 'de', lastName: 'King' })
  })

  test('two merges of one record at once: one of them gets it', async () => {
    const { shop } = await open()
    const [one, two] = await twoAdas(shop)
    const three = (await shop.contacts.create({ firstName: 'Third' })).id
    const results = await Promise.allSettled(
      [one, three].map((survivorId) => shop.contacts.merge({ survivorId, mergedIds: [two] })),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await shop.contacts.count()).toBe(2)
  })
})

describe('more than one batch', () => {
  test('many relations are moved by a run, which nobody sees half done, and go back by one', {
    timeout: 60_000,
  }, async () => {
    const { shop, storage } = await open()
    const [survivorId, mergedId] = await twoAdas(shop)
    await shop.customFields.register({
      object: 'order',
      key: 'payer',
      type: 'reference',
      target: 'contact',
      label: 'Payer',
    })
    const paid = { ...order(mergedId), custom: { payer: mergedId } }
    await shop.orders.recordMany(Array.from({ length: 400 }, () => paid))
    const before = await readable(shop, [survivorId, mergedId])
    const { mergeId, run } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect((await shop.contacts.get(mergedId)).firstName).toBe('A.')
    expect((await shop.runs.wait(run?.id as string)).status).toBe('done')
    expect(await shop.contacts.get(survivorId)).toMatchObject({ orderCount: 400, lastName: 'King' })
    expect(await shop.orders.count({ where: { contactId: survivorId, 'custom.payer': survivorId } })).toBe(400)
    expect(await shop.contacts.resolveId(mergedId)).toBe(survivorId)
    const back = await shop.contacts.unmerge(mergeId)
    expect(await shop.runs.wait(back.run?.id as string)).toMatchObject({
      status: 'done',
      result: { kept: 0, conflicts: [] },
    })
    const after = await readable(shop, [survivorId, mergedId])
    expect(after).toEqual(before)
    const notes = await storage
      .session({ tenantId: 'acme' })
      .find({ entity: 'mergedRelation', order: ['id'], limit: 10 })
    expect(notes.rows).toEqual([])
  })
})
