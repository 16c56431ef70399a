import type { Actor, Crm, Role } from '@rapport/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessContext } from '../../../core/src/access/access-context.js'
import { fieldMask } from '../../../core/src/access/field-mask.js'
import { can } from '../../../core/src/access/rights.js'
import { crmEntities } from '../../../core/src/crm-entities.js'
import { readerOf } from '../../../core/src/entity/entity.js'
import { allRows } from '../../../core/src/security/marked-person.fixture.js'
import type { Row } from '../../../core/src/storage/row.js'
import type { AcceptanceCrm } from './crm-on-every-storage.fixture.js'

const entityOf = (name: string) => {
  const entity = crmEntities.find((each) => each.name === name)
  if (!entity) throw new Error(`there is no entity ${name}`)
  return entity
}
const staff = { type: 'user', id: 'u_7' } as const
const listed = ['contact', 'company', 'ticket', 'activity'] as const
const maskable = ['subject', 'description', 'firstName', 'tags', 'lifecycleStage'] as const
const members = ['u_1', 'u_2', 'u_3'] as const
const teams = ['t_1', 't_2'] as const
const level = fc.constantFrom('no', 'own', 'contact', 'company', 'team', 'all', 'yes')

const role: fc.Arbitrary<Role> = fc.record({
  key: fc.constant('random'),
  rights: fc.dictionary(
    fc.constantFrom(...listed, 'order', '*'),
    fc.record({ read: level, hiddenFields: fc.subarray([...maskable]) }),
    { maxKeys: 4 },
  ),
})

/** Always tried, before what is drawn: one member who may read everything, and one who may read what is their own. */
const examples: [Actor, Role[]][] = (['all', 'own'] as const).map((read) => [
  { type: 'user', id: members[0], teamIds: [] },
  [{ key: read, rights: { '*': { read } } }],
])

/** That lists and the rule for one record agree, whatever the roles, on the storage at hand. */
export function testRights(on: () => Pick<AcceptanceCrm, 'crm' | 'clock' | 'storage' | 'newTenant' | 'another'>): void {
  let crm: Crm
  let roles: readonly Role[] = []
  let tenantId: string
  let rows: Readonly<Record<string, readonly Row[]>>
  let visitors: readonly Actor[]

  beforeAll(async () => {
    crm = await on().another({ roles: () => roles })
    tenantId = on().newTenant()
    const owned = (n: number) => ({
      ...(n % 4 !== 3 && { ownerId: members[n % 3] as string }),
      teamIds: teams.filter((_, at) => (n >> at) % 2 === 1),
    })
    const shop = on().crm.session({ tenantId, actor: staff })
    const ids: { contacts: string[]; companies: string[] } = { contacts: [], companies: [] }
    for (let n = 0; n < 8; n++) {
      ids.companies.push((await shop.companies.create({ name: `Company ${n}`, ...owned(n) })).id)
      ids.contacts.push((await shop.contacts.create({ firstName: `Person ${n}`, ...owned(n + 1) })).id)
    }
    visitors = ids.contacts.slice(0, 3).map((id, n) => ({ type: 'contact', id, companyId: ids.companies[n] as string }))
    for (let n = 0; n < 24; n++) {
      const contactId = ids.contacts[n % 5] as string
      const companyId = ids.companies[(n * 3) % 8] as string
      const visitor = visitors.find(({ id }) => id === contactId)
      const by = n % 3 === 0 && visitor ? on().crm.session({ tenantId, actor: visitor }) : shop
      const company = n % 2 === 0 && by === shop && { companyId }
      await by.tickets.open({ contactId, subject: `Ticket ${n}`, ...company, ...(by === shop && ticketOwner(n)) })
      await shop.activities.log({
        type: 'note',
        body: `Note ${n}`,
        ...owned(n),
        links: [{ type: 'contact', id: contactId }],
      })
      const placedAt = '2026-01-01T00:00:00.000Z'
      await shop.orders.record({ contactId, placedAt, total: { amountMinor: n, currency: 'EUR' } })
    }
    const gone = (await shop.tickets.find({ limit: 2 })).items
    for (const { id } of gone) await shop.tickets.delete(id)
    rows = await allRows(on().storage, tenantId)
  })
  afterAll(() => crm.close())

  const ticketOwner = (n: number) => ({
    ...(n % 5 !== 0 && { assigneeId: members[n % 3] as string }),
    teamIds: [teams[n % 2] as string],
  })
  const live = (entity: string): Row[] => (rows[entity] ?? []).filter(({ deletedAt }) => deletedAt === undefined)

  test('scope() and can() agree: a list holds exactly the records that may be read, and shows what the mask lets through', {
    timeout: 120_000,
  }, async () => {
    const actors = fc.oneof(
      fc.record({ type: fc.constant('user'), id: fc.constantFrom(...members), teamIds: fc.subarray([...teams]) }),
      fc.nat({ max: 2 }).map((n) => visitors[n] as Actor),
      fc.constant<Actor>({ type: 'anonymous', id: '' }),
    ) as fc.Arbitrary<Actor>
    let [seen, hidden] = [0, 0]
    await fc.assert(
      fc.asyncProperty(actors, fc.array(role, { minLength: 1, maxLength: 2 }), async (actor, given) => {
        roles = given
        // Roles are kept for a while, by actor.
        on().clock.advance(3_600_000)
        const session = crm.session({ tenantId, actor })
        const access = accessContext(actor, given)
        const services = {
          contact: session.contacts,
          company: session.companies,
          ticket: session.tickets,
          activity: session.activities,
        }
        const allowed = (name: string, row: Row, parentAllowed = false) => {
          const entity = entityOf(name)
          return can(access, name, entity.access, 'read', readerOf(row), parentAllowed)
        }
        for (const name of listed) {
          const expected = live(name).filter((row) => allowed(name, row))
          const found = await services[name].find({ limit: 1_000 }).catch(refusal)
          if (typeof found === 'string') {
            expect({ name, found, expected }).toEqual({ name, found: 'access_denied', expected: [] })
            continue
          }
          const ids = found.items.map(({ id }) => id).sort()
          expect({ name, ids }).toEqual({ name, ids: expected.map(({ id }) => id).sort() })
          expect(await services[name].count()).toBe(ids.length)
          const mask = fieldMask(access, name, entityOf(name).access)
          for (const item of found.items) {
            const shown = Object.keys(item).filter((path) => !mask.readable(path))
            expect({ name, shown }).toEqual({ name, shown: [] })
          }
          seen += ids.length
          hidden += live(name).length - ids.length
        }
        const [contact] = live('contact')
        if (!contact) throw new Error('there are contacts')
        const orders = live('order').filter(({ contactId }) => contactId === contact.id)
        const expected = orders.filter((row) => allowed('order', row, allowed('contact', contact)))
        const found = await session.orders.find({ where: { contactId: contact.id }, limit: 1_000 }).catch(refusal)
        const ids = typeof found === 'string' ? [] : found.items.map(({ id }) => id)
        expect(ids.sort()).toEqual(expected.map(({ id }) => id).sort())
      }),
      { numRuns: 60, examples },
    )
    // The examples see everything once and a third at most once: this holds whatever is drawn besides.
    const everything = listed.flatMap(live).length
    expect(seen).toBeGreaterThanOrEqual(everything)
    expect(hidden).toBeGreaterThan(everything / 2)
  })
}

function refusal(error: unknown): string {
  const { code } = error as { code?: string }
  if (code === undefined) throw error
  return code
}
