import type { CrmSession, Where } from '@rapport/core'
import { expect, test } from 'vitest'
import type { AcceptanceCrm } from './crm-on-every-storage.fixture.js'

/** What customers are to each other: roles, groups, links, hierarchies, and what becomes of these in a merge. */
export function relationshipTests(on: () => AcceptanceCrm, open: () => CrmSession): void {
  const statements = async <T>(work: () => Promise<T>): Promise<{ result: T; count: number }> => {
    on().calls.count = 0
    const result = await work()
    return { result, count: on().calls.count }
  }
  const person = async (shop: CrmSession, firstName: string): Promise<string> =>
    (await shop.contacts.create({ firstName })).id
  const names = (people: readonly { readonly contact: { readonly firstName?: string | undefined } }[]) =>
    people.map(({ contact }) => contact.firstName).sort()

  test('addresses are typed, in a country that exists, and one of each type is primary', async () => {
    const shop = open()
    const place = { line1: '1 Road', city: 'Town', countryCode: 'DE' }
    const { id, addresses } = await shop.contacts.create({
      addresses: [
        { ...place, type: 'billing' },
        { ...place, type: 'billing', city: 'Ville', countryCode: 'FR', primary: true },
        { ...place, type: 'shipping' },
        { ...place, type: 'shipping', primary: false },
      ],
    })
    expect(addresses.map(({ type, city, primary }) => [type, city, primary])).toEqual([
      ['billing', 'Town', false],
      ['billing', 'Ville', true],
      ['shipping', 'Town', true],
    ])
    const moved = await shop.contacts.update(id, { addresses: [{ ...place, type: 'mailing' }] })
    expect(moved.addresses).toEqual([{ ...place, type: 'mailing', primary: true }])
    const works = await shop.companies.create({ name: 'Works', addresses: [place] })
    expect(works.addresses).toEqual([{ ...place, type: 'other', primary: true }])
    const nowhere = shop.companies.update(works.id, { addresses: [{ ...place, countryCode: 'ZZ' }] })
    await expect(nowhere).rejects.toMatchObject({ details: { field: 'addresses.0.countryCode' } })
    // A list with nothing but a town is worth keeping; an address of nothing is not.
    const town = await shop.companies.update(works.id, { addresses: [{ city: 'Town' }] })
    expect(town.addresses).toEqual([{ type: 'other', city: 'Town', primary: true }])
    const empty = shop.companies.update(works.id, { addresses: [{ type: 'billing' }] })
    await expect(empty).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'addresses.0' } })
  })

  test('chatwoot #3079, #11822: a contact has several addresses and numbers, and is found by each', async () => {
    const shop = open()
    const emails = ['ada@work.example', 'ada@home.example'].map((address) => ({ address }))
    const phones = [{ number: '+44 20 7946 0018' }, { number: '+44 20 7946 0019' }]
    const { id } = await shop.contacts.create({ firstName: 'Ada', emails, phones })
    for (const { address } of emails) expect(await shop.contacts.findByEmail(address)).toMatchObject({ id })
    const second = shop.contacts.create({ emails: [{ address: 'ADA@home.example' }] })
    await expect(second).rejects.toMatchObject({ code: 'conflict', details: { field: 'emails' } })
    expect((await shop.contacts.get(id)).phones).toHaveLength(2)
  })

  test('tags and interests are kept once whatever their case, and found with has and hasAny', async () => {
    const shop = open()
    const ada = await shop.contacts.create({
      tags: [' VIP ', 'vip', 'trade  fair'],
      interests: ['Fly  fishing', 'FLY FISHING', 'chess'],
    })
    expect([ada.tags, ada.interests]).toEqual([
      ['VIP', 'trade fair'],
      ['Fly fishing', 'chess'],
    ])
    await shop.companies.create({ name: 'Works', interests: ['chess'] })
    const found = async (where: Where) => (await shop.contacts.find({ where })).items.length
    expect(await found({ tags: { has: 'trade fair' } })).toBe(1)
    expect(await found({ interests: { hasAny: ['chess', 'golf'] } })).toBe(1)
    expect(await found({ interests: { hasAny: ['golf'] } })).toBe(0)
    expect((await shop.companies.find({ where: { interests: { has: 'chess' } } })).items).toHaveLength(1)
  })

  test('former colleagues stay visible, in a bounded number of statements', async () => {
    const shop = open()
    const [works, other] = [
      await shop.companies.create({ name: 'Works' }),
      await shop.companies.create({ name: 'Other' }),
    ]
    const [ada, grace, alan, early] = (await Promise.all(
      ['Ada', 'Grace', 'Alan', 'Early'].map((name) => person(shop, name)),
    )) as [string, string, string, string]
    const companyId = works.id
    const job = await shop.contacts.addRole(ada, {
      companyId,
      title: 'Head of Purchasing',
      department: 'Purchasing',
      decisionRole: 'decisionMaker',
      from: '2020-01-01',
      isPrimary: true,
    })
    expect(job).toMatchObject({
      contactId: ada,
      companyId,
      isPrimary: true,
      former: false,
      decisionRole: 'decisionMaker',
    })
    await shop.contacts.addRole(grace, { companyId, from: '2021-01-01' })
    const left = await shop.contacts.addRole(alan, { companyId, from: '2022-01-01' })
    await shop.contacts.addRole(early, { companyId, from: '2010-01-01', to: '2015-12-31' })
    await shop.contacts.addRole(ada, { companyId: other.id, title: 'Board member' })
    await expect(shop.contacts.addRole(ada, { companyId })).rejects.toMatchObject({ code: 'conflict' })
    await shop.contacts.endRole(left.id, { on: '2024-06-30' })

    const now = await statements(() => shop.contacts.colleagues(ada))
    expect([names(now.result), now.count]).toEqual([['Grace'], 5])
    const former = await statements(() => shop.contacts.colleagues(ada, { former: true }))
    expect(former.count).toBe(5)
    expect(former.result.map(({ contact, former: gone }) => [contact.firstName, gone])).toEqual([
      ['Grace', false],
      ['Alan', true],
    ])
    expect(names(await shop.contacts.colleagues(alan, { former: true }))).toEqual(['Ada', 'Grace'])
    expect(await shop.contacts.colleagues(alan)).toEqual([])
    expect(names((await shop.companies.people(companyId)).items)).toEqual(['Ada', 'Grace'])
    const everybody = await statements(() => shop.companies.people(companyId, { former: true }))
    expect([names(everybody.result.items), everybody.count]).toEqual([['Ada', 'Alan', 'Early', 'Grace'], 3])

    expect((await shop.contacts.get(ada)).primaryCompanyId).toBe(companyId)
    await shop.contacts.endRole(job.id)
    expect((await shop.contacts.get(ada)).primaryCompanyId).toBeUndefined()
    const roles = await shop.contacts.roles(ada, { former: true })
    expect(roles.map(({ company, role }) => [company.name, role.former])).toEqual([
      ['Works', true],
      ['Other', false],
    ])
    const again = await shop.contacts.addRole(ada, { companyId })
    await shop.contacts.removeRole(again.id)
    await shop.contacts.update(ada, { primaryCompanyId: companyId })
    expect((await shop.contacts.roles(ada)).map(({ role }) => role.isPrimary).sort()).toEqual([false, true])
    expect((await shop.associations.history(job.id)).items).toHaveLength(2)
  })

  test('two writers who name a main employer at once leave exactly one', async () => {
    const shop = open()
    const ada = await person(shop, 'Ada')
    const companies = await Promise.all(['A', 'B', 'C'].map((name) => shop.companies.create({ name })))
    await Promise.all(companies.map(({ id }) => shop.contacts.addRole(ada, { companyId: id, isPrimary: true })))
    const primary = (await shop.contacts.roles(ada)).filter(({ role }) => role.isPrimary)
    expect(primary.map(({ company }) => company.id)).toEqual([(await shop.contacts.get(ada)).primaryCompanyId])
  })

  test('households and groups have members with roles, one to turn to, and keep who has left', async () => {
    const shop = open()
    const [ada, byron, grace] = (await Promise.all(['Ada', 'Byron', 'Grace'].map((name) => person(shop, name)))) as [
      string,
      string,
      string,
    ]
    const home = await shop.groups.create({ name: 'The Kings', kind: 'household', primaryContactId: ada })
    const club = await shop.groups.create({ name: 'Chess', kind: 'club' })
    await shop.groups.add(home.id, { contactId: byron, role: 'child' })
    await shop.groups.add(club.id, { contactId: ada, role: 'treasurer', isPrimary: true })
    await shop.groups.add(club.id, { contactId: grace })
    await expect(shop.groups.add(club.id, { contactId: grace })).rejects.toMatchObject({ code: 'conflict' })
    const of = await statements(() => shop.groups.of(ada))
    expect(of.count).toBe(3)
    expect(of.result.map(({ group, membership }) => [group.name, membership.isPrimary])).toEqual([
      ['The Kings', true],
      ['Chess', true],
    ])
    await shop.groups.leave(club.id, ada)
    expect((await shop.groups.get(club.id)).primaryContactId).toBeUndefined()
    expect(names((await shop.groups.members(club.id)).items)).toEqual(['Grace'])
    const all = await statements(() => shop.groups.members(club.id, { former: true }))
    expect([names(all.result.items), all.count]).toEqual([['Ada', 'Grace'], 3])
    await shop.groups.remove(home.id, byron)
    expect(names((await shop.groups.members(home.id, { former: true })).items)).toEqual(['Ada'])
    await expect(shop.groups.leave(home.id, byron)).rejects.toMatchObject({ code: 'not_found' })
    expect((await shop.contacts.view360(ada)).groups.map(({ group }) => group.name).sort()).toEqual([
      'Chess',
      'The Kings',
    ])
  })

  test('twenty #4986, #3057: links are defined with both of their labels, and seen from both ends', async () => {
    const shop = open()
    const [boss, clerk] = [await person(shop, 'Boss'), await person(shop, 'Clerk')]
    const works = await shop.companies.create({ name: 'Works' })
    const supplier = await shop.companies.create({ name: 'Supplier' })
    const type = {
      key: 'manages',
      label: 'manages',
      inverseLabel: 'reports to',
      fromType: 'contact',
      toType: 'contact',
    }
    await shop.associationTypes.define(type)
    await shop.associationTypes.define({
      ...type,
      key: 'supplies',
      inverseLabel: 'buys from',
      fromType: 'company',
      toType: 'company',
    })
    const wrong = { fromType: 'contact', fromId: boss, toType: 'company', toId: works.id, typeKey: 'manages' }
    await expect(shop.associations.link(wrong)).rejects.toMatchObject({ details: { field: 'toType' } })
    const link = { fromType: 'contact', fromId: boss, toType: 'contact', toId: clerk, typeKey: 'manages' }
    await shop.associations.link(link)
    const ends = { fromType: 'company', fromId: supplier.id, toType: 'company', toId: works.id, typeKey: 'supplies' }
    await shop.associations.link(ends)
    const seen = await statements(() => shop.associations.of({ type: 'contact', id: clerk }))
    expect(seen.count).toBe(3)
    expect(seen.result.map(({ label, other }) => [label, other.id])).toEqual([['reports to', boss]])
    const [fromBoss] = await shop.associations.of({ type: 'contact', id: boss }, { typeKey: 'manages' })
    expect([fromBoss?.label, fromBoss?.other.id]).toEqual(['manages', clerk])
    expect((await shop.associations.of({ type: 'company', id: works.id })).map(({ label }) => label)).toEqual([
      'buys from',
    ])
    await shop.associationTypes.define({
      key: 'friends',
      label: 'knows',
      fromType: 'contact',
      toType: 'contact',
      symmetric: true,
    })
    const friends = { ...link, typeKey: 'friends' }
    await shop.associations.link(friends)
    const turned = shop.associations.link({ ...friends, fromId: clerk, toId: boss })
    await expect(turned).rejects.toMatchObject({ code: 'conflict' })
    await shop.associationTypes.remove('manages')
    await shop.associationTypes.define({ ...type, label: 'leads' })
    expect((await shop.associations.of({ type: 'contact', id: boss }, { typeKey: 'manages' }))[0]?.label).toBe(
      'manages',
    )
    const changed = shop.associationTypes.define({ ...type, toType: 'company' })
    await expect(changed).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'toType' } })
  })

  test('twenty #23305: a removed link can be added again, and exists once at a time', async () => {
    const shop = open()
    const [ada, grace] = [await person(shop, 'Ada'), await person(shop, 'Grace')]
    const link = { fromType: 'contact', fromId: ada, toType: 'contact', toId: grace, typeKey: 'knows' }
    for (let round = 0; round < 3; round++) {
      const made = await shop.associations.link(link)
      await expect(shop.associations.link(link)).rejects.toMatchObject({ code: 'conflict' })
      await shop.associations.unlink(made.id)
    }
    const ended = await shop.associations.link(link)
    await shop.associations.end(ended.id)
    await shop.associations.link(link)
    const links = (options?: { former: boolean }) => shop.associations.of({ type: 'contact', id: grace }, options)
    expect((await links()).map(({ former }) => former)).toEqual([false])
    expect((await links({ former: true })).map(({ former }) => former).sort()).toEqual([false, true])
  })

  test('a company is read with all above and below it, level by level', async () => {
    const shop = open()
    const make = async (name: string, parentCompanyId?: string) =>
      (await shop.companies.create({ name, ...(parentCompanyId && { parentCompanyId }) })).id
    const top = await make('Top')
    const middle = await make('Middle', top)
    const [left, right] = [await make('Left', middle), await make('Right', middle)]
    for (const [index, parent] of [left, right, right].entries()) await make(`Leaf ${index}`, parent)
    const read = await statements(() => shop.companies.hierarchy(middle))
    // The company twice, one for the company above, and one for each of the three levels below, of which the last is empty.
    expect(read.count).toBe(6)
    const { ancestors, descendants, isComplete } = read.result
    expect(ancestors.map(({ name }) => name)).toEqual(['Top'])
    expect(descendants.map(({ company, depth }) => `${depth} ${company.name}`).sort()).toEqual([
      '1 Left',
      '1 Right',
      '2 Leaf 0',
      '2 Leaf 1',
      '2 Leaf 2',
    ])
    expect(isComplete).toBe(true)
    expect((await shop.companies.hierarchy(top, { depth: 2 })).isComplete).toBe(false)
    expect((await shop.companies.hierarchy(top, { limit: 3 })).descendants).toHaveLength(3)
    await expect(shop.companies.hierarchy(top, { limit: 0 })).rejects.toMatchObject({ details: { field: 'limit' } })
  })

  test('writers who would close a circle of companies together are stopped', async () => {
    const shop = open()
    for (let round = 0; round < 5; round++) {
      const ids = await Promise.all(['A', 'B', 'C'].map(async (name) => (await shop.companies.create({ name })).id))
      const moves = await Promise.allSettled(
        ids.map((id, index) => shop.companies.update(id, { parentCompanyId: ids[(index + 1) % 3] as string })),
      )
      const refused = moves.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
      expect(refused).toHaveLength(1)
      expect(refused[0]?.reason).toMatchObject({ code: 'validation_failed', details: { field: 'parentCompanyId' } })
    }
  })

  test('status, level, rating and risk grade are of the tenant’s lists, which begin with presets in English and Chinese', async () => {
    const shop = open()
    const levels = await shop.optionLists.get('customerLevel')
    expect(levels[0]).toEqual({ key: 'vip', labels: { en: 'VIP', 'zh-CN': 'VIP客户' } })
    const creditLimit = { amountMinor: 5_000_000, currency: 'CNY' }
    const standing = { customerStatus: 'active', customerLevel: 'vip', rating: 'good', riskGrade: 'low', creditLimit }
    const works = await shop.companies.create({ name: 'Works', ...standing })
    expect(works).toMatchObject(standing)
    const ada = await shop.contacts.create({ firstName: 'Ada', ...standing })
    const unknown = shop.contacts.update(ada.id, { customerLevel: 'platinum' })
    await expect(unknown).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'customerLevel' } })
    await shop.optionLists.set('customerLevel', [
      { key: 'platinum', labels: { en: 'Platinum', 'zh-CN': '白金客户' } },
      { key: 'gold', labels: { en: 'Gold', 'zh-CN': '黄金客户' } },
    ])
    expect(await shop.contacts.update(ada.id, { customerLevel: 'platinum' })).toMatchObject({
      customerLevel: 'platinum',
    })
    await expect(shop.companies.create({ name: 'New', customerLevel: 'vip' })).rejects.toMatchObject({
      details: { field: 'customerLevel' },
    })
    expect(await shop.companies.update(works.id, { customerLevel: 'vip', name: 'Works Ltd' })).toMatchObject({
      customerLevel: 'vip',
    })
    expect((await shop.optionLists.reset('customerLevel')).map(({ key }) => key)).toEqual(levels.map(({ key }) => key))
    const poor = shop.companies.create({ name: 'Poor', creditLimit: { amountMinor: -1, currency: 'EUR' } })
    await expect(poor).rejects.toMatchObject({ details: { field: 'creditLimit.amountMinor' } })
    expect(
      (await shop.companies.find({ where: { 'creditLimit.amountMinor': { gte: 5_000_000 } } })).items,
    ).toHaveLength(1)
  })

  test('external data keeps what each source said and when, and tells what it said last', async () => {
    const shop = open()
    const { id: companyId } = await shop.companies.create({ name: 'Works' })
    const report = {
      companyId,
      source: 'bureau',
      asOf: '2026-01-01T00:00:00.000Z',
      values: { score: 310, insolvent: false },
    }
    const first = await shop.externalData.record(report)
    expect(first.fetchedAt).toBe(new Date(on().clock.now()).toISOString())
    expect(await shop.externalData.record(report)).toEqual(first)
    await shop.externalData.record({ ...report, asOf: '2026-02-01', values: { score: 280 } })
    await shop.externalData.record({ ...report, asOf: '2025-06-01', values: { score: 400 } })
    await shop.externalData.record({ ...report, source: 'register', values: { employees: 12, offices: ['Bonn'] } })
    const latest = await statements(() => shop.externalData.latest({ companyId }))
    expect(latest.count).toBe(3)
    expect(latest.result.map(({ source, values }) => [source, values])).toEqual([
      ['bureau', { score: 280 }],
      ['register', { employees: 12, offices: ['Bonn'] }],
    ])
    const { items } = await shop.externalData.history({ companyId }, { source: 'bureau' })
    expect(items.map(({ values }) => values.score)).toEqual([280, 310, 400])
    await expect(shop.externalData.record({ source: 'x', asOf: '2026-01-01', values: {} })).rejects.toMatchObject({
      details: { field: 'contactId' },
    })
    await expect(shop.externalData.latest({ companyId: 'nobody' })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('merging moves roles, groups, subsidiaries and external data, and unmerging brings them back', async () => {
    const shop = open()
    const [ada, double, grace] = (await Promise.all(['Ada', 'Double', 'Grace'].map((name) => person(shop, name)))) as [
      string,
      string,
      string,
    ]
    const [works, twin] = [
      await shop.companies.create({ name: 'Works' }),
      await shop.companies.create({ name: 'Works Ltd' }),
    ]
    const branch = await shop.companies.create({ name: 'Branch', parentCompanyId: twin.id })
    await shop.contacts.addRole(double, { companyId: twin.id, title: 'Clerk', isPrimary: true })
    await shop.contacts.addRole(grace, { companyId: works.id })
    const home = await shop.groups.create({ name: 'Home', kind: 'household', primaryContactId: double })
    await shop.externalData.record({ contactId: double, source: 'bureau', asOf: '2026-01-01', values: { score: 1 } })
    await shop.externalData.record({ companyId: twin.id, source: 'bureau', asOf: '2026-01-01', values: { score: 2 } })
    const look = async () => ({
      adaRoles: (await shop.contacts.roles(ada)).map(({ company, role }) => [company.id, role.title, role.isPrimary]),
      doubleRoles: await shop.contacts.roles(double).catch(() => 'none'),
      home: [(await shop.groups.get(home.id)).primaryContactId, names((await shop.groups.members(home.id)).items)],
      branch: (await shop.companies.get(branch.id)).parentCompanyId,
      facts: (await shop.externalData.latest({ contactId: ada })).map(({ values }) => values),
      companyFacts: (await shop.externalData.latest({ companyId: works.id })).map(({ values }) => values),
      colleagues: names(await shop.contacts.colleagues(grace)),
    })
    const before = await look()
    const people = await shop.contacts.merge({ survivorId: ada, mergedIds: [double] })
    const companies = await shop.companies.merge({ survivorId: works.id, mergedIds: [twin.id] })
    expect(await look()).toMatchObject({
      adaRoles: [[works.id, 'Clerk', true]],
      home: [ada, ['Ada']],
      branch: works.id,
      facts: [{ score: 1 }],
      companyFacts: [{ score: 2 }],
      colleagues: ['Ada'],
    })
    await shop.companies.unmerge(companies.mergeId)
    await shop.contacts.unmerge(people.mergeId)
    const after = await look()
    const unversioned = (value: unknown) =>
      JSON.stringify(value, (key, inner) => (['version', 'updatedAt'].includes(key) ? undefined : inner))
    expect(unversioned(after)).toBe(unversioned(before))
  })

  test('a company merged with one above or below it makes no circle', async () => {
    const shop = open()
    for (const [survivor, merged] of [
      [0, 2],
      [2, 0],
      [1, 2],
      [2, 1],
    ] as const) {
      const ids: string[] = []
      for (const name of ['Top', 'Middle', 'Bottom'])
        ids.push(
          (await shop.companies.create({ name, ...(ids.length > 0 && { parentCompanyId: ids.at(-1) as string }) })).id,
        )
      const { mergeId } = await shop.companies.merge({
        survivorId: ids[survivor] as string,
        mergedIds: [ids[merged] as string],
      })
      const { ancestors, descendants } = await shop.companies.hierarchy(ids[survivor] as string)
      expect(ancestors.length + descendants.length).toBe(1)
      await shop.companies.unmerge(mergeId)
      expect((await shop.companies.hierarchy(ids[2] as string)).ancestors.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    }
  })

  test('what is put above a company while it is merged makes no circle when it comes back', async () => {
    const shop = open()
    const make = async (name: string, parentCompanyId?: string) =>
      (await shop.companies.create({ name, ...(parentCompanyId && { parentCompanyId }) })).id
    const parent = await make('Parent')
    const merged = await make('Merged', parent)
    const child = await make('Child', merged)
    const survivor = await make('Survivor')
    const { mergeId } = await shop.companies.merge({
      survivorId: survivor,
      mergedIds: [merged],
      fields: { parentCompanyId: 'survivor' },
    })
    await shop.companies.update(parent, { parentCompanyId: child })
    const { conflicts } = await shop.companies.unmerge(mergeId)
    expect(conflicts).toEqual(['parentCompanyId'])
    const { ancestors } = await shop.companies.hierarchy(parent)
    expect(ancestors.map(({ id }) => id)).toEqual([merged, child])
  })

  test('what is written under an id that was merged lands at the surviving record', async () => {
    const shop = open()
    const ids = (await Promise.all(['A', 'B', 'C'].map((name) => person(shop, name)))) as [string, string, string]
    const [old, between, survivor] = ids
    const works = await shop.companies.create({ name: 'Works' })
    const gone = await shop.companies.create({ name: 'Gone' })
    await shop.contacts.merge({ survivorId: between, mergedIds: [old] })
    await shop.contacts.merge({ survivorId: survivor, mergedIds: [between] })
    await shop.companies.merge({ survivorId: works.id, mergedIds: [gone.id] })
    const order = { placedAt: '2026-01-01', total: { amountMinor: 100, currency: 'EUR' } }
    expect(await shop.orders.record({ ...order, contactId: old, companyId: gone.id })).toMatchObject({
      contactId: survivor,
      companyId: works.id,
    })
    on().calls.writes = 0
    const reports = await shop.orders.recordMany(ids.map((contactId) => ({ ...order, contactId })))
    expect(reports.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created'])
    expect(on().calls.writes).toBeLessThanOrEqual(3)
    expect((await shop.contacts.get(survivor)).orderCount).toBe(4)
    expect(await shop.tickets.open({ contactId: old, subject: `About ${old}` })).toMatchObject({
      contactId: survivor,
      subject: `About ${old}`,
    })
    const call = await shop.activities.log({ type: 'call', links: [{ type: 'contact', id: between }] })
    expect(call.links).toEqual([{ type: 'contact', id: survivor }])
    await shop.consents.grant({ contactId: old, purpose: 'newsletter', channel: 'email', source: 'form' })
    expect((await shop.contacts.update(old, { jobTitle: 'Clerk' })).id).toBe(survivor)
    await shop.contacts.addRole(old, { companyId: gone.id })
    const view = await shop.contacts.view360(old)
    expect(view.contact).toMatchObject({ id: survivor, jobTitle: 'Clerk' })
    expect(view.consents).toHaveLength(1)
    expect(view.companies.map(({ company }) => company.id)).toEqual([works.id])
    const grace = await person(shop, 'Grace')
    await shop.contacts.addRole(grace, { companyId: works.id })
    expect(names(await shop.contacts.colleagues(between))).toEqual(['Grace'])
    expect((await shop.companies.people(gone.id)).items).toHaveLength(2)
    await expect(shop.contacts.get(old)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('erasing a person takes roles, household and external data with it, in both modes', async () => {
    for (const mode of ['anonymise', 'delete'] as const) {
      const shop = open()
      const ada = await person(shop, 'Zweig')
      const works = await shop.companies.create({ name: 'Works' })
      await shop.contacts.addRole(ada, { companyId: works.id, title: 'Zweigleiter', department: 'Zweig' })
      await shop.groups.create({ name: 'Zweigs', primaryContactId: ada })
      await shop.externalData.record({
        contactId: ada,
        source: 'bureau',
        asOf: '2026-01-01',
        values: { name: 'Zweig' },
      })
      const run = await shop.privacy.erase(ada, { mode, reason: 'asked for' })
      expect((await shop.runs.wait(run.id)).status).toBe('done')
      const left: string[] = []
      for await (const line of shop.backup()) if (line.includes('Zweig')) left.push(line)
      expect(left).toEqual([])
      if (mode === 'delete') expect((await shop.companies.people(works.id, { former: true })).items).toEqual([])
    }
  })
}
