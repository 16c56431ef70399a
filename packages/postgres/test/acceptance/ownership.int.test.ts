import { type Crm, type CrmSession, isCrmError, type Role } from '@rapport/core'
import { expect, test } from 'vitest'
import { allRows } from '../../../core/src/security/marked-person.fixture.js'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

const own = { create: 'own', read: 'own', update: 'own' } as const
/** Grace may do everything; everybody else sees and changes what they own, and claims contacts. */
const roles = (_tenantId: string, actor: { readonly id: string }): readonly Role[] =>
  actor.id === staff.id || actor.id === 'run'
    ? [{ key: 'lead', rights: { '*': { create: 'yes', read: 'yes', update: 'yes', delete: 'yes' } } }]
    : [{ key: 'seller', rights: { contact: { ...own, claim: true }, company: own, run: own }, assignment: 'team' }]

const day = 86_400_000

describeOnEveryStorage('ownership', (on) => {
  const as =
    (crm: Crm, tenantId: string) =>
    (id: string, teamIds: readonly string[] = []) =>
      crm.session({ tenantId, actor: { type: 'user', id, teamIds } })
  const team = async (lead: CrmSession): Promise<void> => {
    await lead.teams.save({ id: 'north', name: 'North' })
    for (const id of ['u_1', 'u_2', 'u_3']) await lead.members.save({ id, name: id, teamIds: ['north'] })
  }
  const open = async () => {
    const crm = await on().another({ roles })
    const tenantId = on().newTenant()
    const session = as(crm, tenantId)
    const lead = session(staff.id)
    await team(lead)
    return { crm, tenantId, session, lead }
  }
  const ended = async (shop: CrmSession, run: Promise<{ readonly id: string }>) => shop.runs.wait((await run).id)
  const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => (isCrmError(error) ? [error.code, error.details.reason] : error),
    )

  test('owners and teams: who may give a record to whom, and nobody to a member who is not active', async () => {
    const { session, lead } = await open()
    const seller = session('u_1', ['north'])
    await lead.members.save({ id: 'u_9', name: 'Elsewhere' })
    const mine = await seller.contacts.create({ firstName: 'Ada' })
    expect(mine).toMatchObject({ ownerId: 'u_1', ownedSince: mine.createdAt })
    expect(await codeOf(seller.contacts.update(mine.id, { ownerId: 'u_9' }))).toEqual(['access_denied', 'assignment'])
    await lead.members.save({ id: 'u_2', active: false })
    const refusal = ['rule_violated', 'inactive_member']
    expect(await codeOf(lead.contacts.update(mine.id, { ownerId: 'u_2' }))).toEqual(refusal)
    expect(await codeOf(lead.contacts.create({ firstName: 'B', ownerId: 'u_2' }))).toEqual(refusal)
    const ticket = await lead.tickets.open({ contactId: mine.id, subject: 'Where is it?' })
    expect(await codeOf(lead.tickets.assign(ticket.id, { assigneeId: 'u_2' }))).toEqual(refusal)
    expect(await codeOf(lead.members.save({ id: 'u_3', teamIds: ['none'] }))).toEqual(['validation_failed', undefined])
    // Whether they may still act is the host's to say: a run is theirs because they start it.
    const leaving = await session('u_2', ['north']).ownership.handOver({ from: 'u_2', to: 'u_3', dryRun: true })
    expect(leaving).toMatchObject({ kind: 'ownership.handOver', ownerId: 'u_2' })
    await seller.contacts.update(mine.id, { ownerId: 'u_3' })
    expect(await lead.members.find({ where: { teamIds: { has: 'north' } }, orderBy: ['id'] })).toMatchObject({
      items: [{ id: 'u_1' }, { id: 'u_2', active: false }, { id: 'u_3' }],
    })
    expect(await lead.contacts.get(mine.id)).toMatchObject({ ownerId: 'u_3' })
  })

  test('hand-over of all records of an owner is one audited run; can() and scope() follow the new owner', async () => {
    const { session, lead } = await open()
    const [old, heir] = [session('u_1'), session('u_2')]
    const ids: string[] = []
    for (let index = 0; index < 7; index++)
      ids.push((await lead.contacts.create({ firstName: `C${index}`, ownerId: 'u_1' })).id)
    const [contactId, deletedId] = ids as [string, string]
    const company = await lead.companies.create({ name: 'Acme', ownerId: 'u_1' })
    const ticket = await lead.tickets.open({ contactId, subject: 'Help', assigneeId: 'u_1' })
    const call = await lead.activities.log({
      type: 'call',
      links: [{ type: 'contact', id: contactId }],
      ownerId: 'u_1',
    })
    await lead.contacts.delete(deletedId)
    expect((await old.contacts.find()).items).toHaveLength(6)

    const planned = await ended(lead, lead.ownership.handOver({ from: 'u_1', to: 'u_2', dryRun: true }))
    expect(planned.result).toEqual({ moved: { contact: 6, company: 1, activity: 1, ticket: 1 }, left: {} })
    expect(await old.contacts.count()).toBe(6)

    const run = await ended(lead, lead.ownership.handOver({ from: 'u_1', to: 'u_2' }))
    const moved = { contact: 6, company: 1, activity: 1, ticket: 1 }
    expect(run).toMatchObject({
      status: 'done',
      result: { moved, left: {} },
      counts: moved,
      progress: { done: 9, total: 9 },
    })
    expect((await old.contacts.find()).items).toEqual([])
    expect(await codeOf(old.contacts.get(contactId))).toEqual(['not_found', undefined])
    expect((await heir.contacts.find()).items).toHaveLength(6)
    expect(await heir.contacts.get(contactId)).toMatchObject({ ownerId: 'u_2', version: 2 })
    expect(await codeOf(old.contacts.update(contactId, { jobTitle: 'x' }))).toEqual(['not_found', undefined])
    await heir.contacts.update(contactId, { jobTitle: 'Owner seen' })
    expect(await lead.tickets.get(ticket.id)).toMatchObject({ assigneeId: 'u_2' })
    expect(await lead.activities.get(call.id)).toMatchObject({ ownerId: 'u_2' })

    const [entry] = (await lead.companies.history(company.id)).items
    expect(entry).toMatchObject({
      actor: { id: staff.id },
      cause: `run:${run.id}`,
      changes: [{ before: 'u_1', after: 'u_2' }],
    })
    expect(await lead.companies.verifyHistory(company.id)).toMatchObject({ intact: true })
    expect(await lead.contacts.get(deletedId, { includeDeleted: true })).toMatchObject({
      ownerId: 'u_1',
    })
    expect(await ended(lead, lead.ownership.handOver({ from: 'u_1', to: 'u_2' }))).toMatchObject({
      result: { moved: {} },
    })

    // One was passed on since; another was merely edited.
    await lead.companies.update(company.id, { ownerId: 'u_3' })
    const undo = await ended(lead, lead.ownership.undo(run.id))
    expect(undo).toMatchObject({ status: 'done', result: { returned: 8, kept: 1 } })
    expect(await old.contacts.get(contactId)).toMatchObject({ ownerId: 'u_1', jobTitle: 'Owner seen' })
    expect(await lead.companies.get(company.id)).toMatchObject({ ownerId: 'u_3' })
    expect(await lead.ownership.history('company', company.id)).toMatchObject([
      { ownerId: 'u_3', by: staff.id },
      { ownerId: 'u_2', cause: `run:${run.id}` },
      { ownerId: 'u_1' },
    ])
  })

  test('hand-over gives each record to one of several members in turn, and to none that may not own', async () => {
    const { session, lead, tenantId } = await open()
    for (let index = 0; index < 5; index++)
      await lead.contacts.create({ firstName: `C${index}`, ownerId: 'u_1', ...(index > 2 && { jobTitle: 'Buyer' }) })
    const handOver = (more: object) => lead.ownership.handOver({ from: 'u_1', ...more })
    expect(await codeOf(handOver({ to: 'u_1' }))).toEqual(['validation_failed', undefined])
    expect(await codeOf(handOver({ to: 'u_2', toPool: true }))).toEqual(['validation_failed', undefined])
    expect(await codeOf(handOver({ to: 'u_2', entities: ['journal'] }))).toEqual(['validation_failed', undefined])
    expect(await codeOf(handOver({ to: 'u_2', where: { nothing: 1 } }))).toEqual(['validation_failed', undefined])
    await lead.members.save({ id: 'u_3', active: false })
    expect(await codeOf(handOver({ distribute: ['u_2', 'u_3'] }))).toEqual(['rule_violated', 'inactive_member'])
    await lead.members.save({ id: 'u_3', active: true })
    const some = await ended(lead, handOver({ to: 'u_2', entities: ['contact'], where: { jobTitle: 'Buyer' } }))
    expect(some.result).toEqual({ moved: { contact: 2 }, left: {} })
    await ended(lead, handOver({ distribute: ['u_2', 'u_3'] }))
    expect(await session('u_2').contacts.count()).toBe(4)
    expect(await session('u_3').contacts.count()).toBe(1)
    // A seller hands over what is theirs, and nothing of others.
    const stranger = session('u_3')
    const theirs = await ended(stranger, stranger.ownership.handOver({ from: 'u_2', to: 'u_3', entities: ['contact'] }))
    expect(theirs.status).toBe('done')
    expect(theirs.result).toEqual({ moved: {}, left: { contact: 4 } })
    const rows = await allRows(on().storage, tenantId)
    expect(rows.ownerMove).toHaveLength(2)
  })

  test('the public pool: of many claims at once one wins, and the record is seen until then', async () => {
    const { session, lead } = await open()
    const { id } = await lead.contacts.create({ firstName: 'Free', jobTitle: 'Buyer' })
    await lead.contacts.create({ firstName: 'Taken', ownerId: 'u_3' })
    const sellers = ['u_1', 'u_2', 'u_3'].map((member) => session(member))
    const [first] = sellers as [CrmSession, ...CrmSession[]]
    expect((await first.contacts.find()).items).toEqual([])
    expect((await first.pool.list('contact', { where: { jobTitle: 'Buyer' } })).items).toMatchObject([{ id }])
    expect((await first.pool.list('contact')).items).toHaveLength(1)
    expect(await codeOf(first.pool.list('company'))).toEqual(['access_denied', 'claim'])
    const outcomes = await Promise.all(sellers.map((seller) => codeOf(seller.pool.claim(id))))
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([
      ['conflict', 'claimed'],
      ['conflict', 'claimed'],
    ])
    const winner = sellers[outcomes.indexOf(undefined)] as CrmSession
    expect(await winner.contacts.get(id)).toMatchObject({ ownerId: winner.actor.id })
    expect((await first.pool.list('contact')).items).toEqual([])
    const loser = sellers.find((seller) => seller !== winner) as CrmSession
    expect(await codeOf(loser.pool.release(id, 'not mine'))).toEqual(['not_found', undefined])
    await winner.pool.release(id, 'moved away')
    expect(await codeOf(lead.pool.release(id, 'again'))).toEqual(['rule_violated', 'in_pool'])
    expect(await lead.ownership.history('contact', id)).toMatchObject([
      { by: winner.actor.id, reason: 'moved away' },
      { ownerId: winner.actor.id },
      { by: staff.id },
    ])
    const visitor = lead.contacts.verifyHistory(id)
    expect(await visitor).toMatchObject({ intact: true })
  })

  test('claims keep to the limits per member and per day, and to the cool-down', async () => {
    const { session, lead } = await open()
    const start = on().clock.now()
    await lead.tenant.update({ timeZone: 'Asia/Shanghai' })
    await lead.pool.policies.create({ object: 'contact', maxOwned: 4, maxClaimsPerDay: 2, coolDownDays: 3 })
    const ids: string[] = []
    for (let index = 0; index < 8; index++) ids.push((await lead.contacts.create({ firstName: `C${index}` })).id)
    const seller = session('u_1')
    const claim = (index: number) => codeOf(seller.pool.claim(ids[index] as string))
    try {
      const outcomes = await Promise.all([0, 1, 2].map(claim))
      expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(2)
      expect(outcomes).toContainEqual(['rule_violated', 'claims_per_day'])
      const [held] = (await seller.contacts.find()).items
      const heldId = held?.id as string
      await seller.pool.release(heldId, 'no answer')
      // 10:00 UTC is 18:00 in Shanghai: six hours later a new day begins there.
      on().clock.set(start + 6 * 3_600_000 - 1)
      expect(await claim(3)).toEqual(['rule_violated', 'claims_per_day'])
      on().clock.set(start + 6 * 3_600_000)
      expect(await codeOf(seller.pool.claim(heldId))).toEqual(['rule_violated', 'cool_down'])
      expect(await claim(3)).toBeUndefined()
      expect(await claim(4)).toBeUndefined()
      on().clock.set(start + 3 * day)
      expect(await codeOf(seller.pool.claim(heldId))).toBeUndefined()
      expect(await claim(5)).toEqual(['rule_violated', 'records_owned'])
    } finally {
      on().clock.set(start)
    }
  })

  test('recycle rules put neglected records into the pool, protected ones stay, and the run can be undone', async () => {
    const { lead } = await open()
    const start = on().clock.now()
    const contact = async (firstName: string, more: object = {}): Promise<string> =>
      (await lead.contacts.create({ firstName, ownerId: 'u_1', lifecycleStage: 'lead', ...more })).id
    const idle = await contact('Idle')
    const active = await contact('Active')
    const buyer = await contact('Buyer')
    const kept = await contact('Kept', { tags: ['protected'] })
    await contact('Customer', { lifecycleStage: 'customer' })
    const { id: companyId } = await lead.companies.create({ name: 'Acme', ownerId: 'u_2' })
    const placedAt = new Date(start).toISOString()
    await lead.orders.record({ contactId: buyer, placedAt, total: { amountMinor: 100, currency: 'EUR' } })
    const leads = await lead.pool.rules.create({
      name: 'Neglected leads',
      object: 'contact',
      afterDays: 30,
      where: { lifecycleStage: 'lead' },
      except: { tags: { has: 'protected' } },
      unless: [{ entity: 'order', field: 'contactId', where: { status: { ne: 'canceled' } } }],
    })
    const firms = await lead.pool.rules.create({ name: 'Firms', object: 'company', afterDays: 90 })
    try {
      on().clock.set(start + 20 * day)
      const links = [
        { type: 'contact', id: active },
        { type: 'company', id: companyId },
      ]
      await lead.activities.log({ type: 'call', links })
      const forecast = (contacts: object, companies: object) => [
        { ruleId: leads.id, object: 'contact', ...contacts },
        { ruleId: firms.id, object: 'company', ...companies },
      ]
      const none = { due: 0, exempt: 0 }
      expect(await lead.pool.planRecycle(new Date(start + 30 * day - 1).toISOString())).toEqual(forecast(none, none))
      on().clock.set(start + 30 * day)
      expect(await lead.pool.planRecycle()).toEqual(forecast({ due: 1, exempt: 2 }, none))
      const beforeItIsOver = new Date(start + 110 * day - 1).toISOString()
      expect(await lead.pool.planRecycle(beforeItIsOver)).toEqual(forecast({ due: 2, exempt: 2 }, none))
      const inAYear = new Date(start + 365 * day).toISOString()
      expect(await lead.pool.planRecycle(inAYear)).toEqual(forecast({ due: 2, exempt: 2 }, { due: 1, exempt: 0 }))
      const run = await ended(lead, lead.pool.recycle())
      expect(run).toMatchObject({ status: 'done', result: { recycled: { contact: 1 } } })
      expect((await lead.pool.list('contact')).items).toMatchObject([{ id: idle }])
      expect(await lead.contacts.getMany([active, buyer, kept])).toMatchObject(Array(3).fill({ ownerId: 'u_1' }))
      expect(await lead.ownership.history('contact', idle)).toMatchObject([
        { cause: `run:${run.id}` },
        { ownerId: 'u_1' },
      ])
      expect(await ended(lead, lead.pool.recycle())).toMatchObject({ result: { recycled: {} } })
      expect(await ended(lead, lead.ownership.undo(run.id))).toMatchObject({ result: { returned: 1, kept: 0 } })
      // Its time begins anew: nobody loses again at once what was just given back.
      expect(await lead.pool.planRecycle()).toEqual(forecast({ due: 0, exempt: 2 }, none))
      expect(await lead.companies.get(companyId)).toMatchObject({ ownerId: 'u_2' })
    } finally {
      on().clock.set(start)
    }
  })
})
