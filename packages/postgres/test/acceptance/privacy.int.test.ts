import { createCrm } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import {
  allRows,
  brokenChains,
  mark,
  markedDigits,
  markedHan,
  markPattern,
  marks,
  marksIn,
  outputOf,
  plantMarkedPerson,
} from '../../../core/src/security/marked-person.fixture.js'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'
import { testRights } from './rights.fixture.js'

const reason = 'request of the person'

describeOnEveryStorage('privacy', (on) => {
  const furnish = async () => {
    const tenantId = on().newTenant()
    const shop = on().crm.session({ tenantId, actor: staff })
    return { tenantId, shop, person: await plantMarkedPerson(on().crm, shop) }
  }
  const markedIn = async (lines: AsyncIterable<string>): Promise<string[]> => {
    const found: string[] = []
    for await (const line of lines) if (marks.test(line)) found.push(line)
    return found
  }

  test.each(['anonymise', 'delete'] as const)(
    'after erasure (%s) no byte of the subject is in any table, search term, journal row or export',
    async (mode) => {
      const { tenantId, shop, person } = await furnish()
      expect(marksIn(await allRows(on().storage, tenantId)).length).toBeGreaterThan(50)
      expect((await markedIn(outputOf(shop))).length).toBeGreaterThan(50)
      const run = await shop.privacy.erase(person.contactId, { mode, reason })
      expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done', result: { suppressed: 3 } })
      const rows = await allRows(on().storage, tenantId)
      expect(marksIn(rows)).toEqual([])
      expect(brokenChains(rows, tenantId)).toEqual([])
      expect(await markedIn(outputOf(shop))).toEqual([])
      if (mode === 'anonymise') expect(await markedIn(shop.privacy.export(person.contactId))).toEqual([])
      for (const query of [mark, markedHan, 'weizhaoshuo', markedDigits])
        expect({ query, found: await shop.search(query) }).toMatchObject({ query, found: { items: [] } })
      const { items } = await shop.contacts.find({ where: { fullName: { contains: mark, fold: true } } })
      expect(items).toEqual([])
    },
  )

  describe('rights', () => testRights(on))

  test('anonymising keeps what the business counts; erasing again changes nothing', async () => {
    const { tenantId, shop, person } = await furnish()
    const revenue = { by: ['contactId'], compute: { sum: { fn: 'sum', path: 'total.amountMinor' } } } as const
    const sums = () =>
      on()
        .storage.session({ tenantId })
        .aggregate?.({ entity: 'order', ...revenue })
    const before = await sums()
    const erase = async () => {
      const run = await shop.privacy.erase(person.contactId, { mode: 'anonymise', reason })
      expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
      const { run: _, journal: __, ...rows } = await allRows(on().storage, tenantId)
      return rows
    }
    const once = await erase()
    expect(await sums()).toEqual(before)
    expect(await shop.contacts.get(person.contactId)).toMatchObject({ orderCount: 1, emails: [] })
    expect(await erase()).toEqual(once)
  })

  test('an erased person does not come back through an upsert of many, nor in another process', async () => {
    const { tenantId, shop, person } = await furnish()
    await using second = await on().another()
    const there = second.session({ tenantId, actor: staff })
    await there.contacts.create({ emails: [{ address: 'else@example.com' }] })
    const run = await shop.privacy.erase(person.contactId, { mode: 'delete', reason })
    await shop.runs.wait(run.id)
    const externalRef = (n: number) => ({ system: 'list', externalId: `row-${n}` })
    const reports = await shop.contacts.upsertMany([
      { externalRef: externalRef(1), emails: [{ address: 'eve@example.com' }] },
      { externalRef: externalRef(2), emails: [{ address: `NEW.${mark}@Example.com` }] },
    ])
    expect(reports).toMatchObject([
      { outcome: 'created' },
      { outcome: 'failed', error: { code: 'rule_violated', details: { reason: 'suppressed', field: 'emails' } } },
    ])
    await expect(there.contacts.create({ emails: [{ address: `new.${mark}@example.com` }] })).rejects.toMatchObject({
      details: { reason: 'suppressed' },
    })
  })

  test('a suppression holds at once in every process, and costs a command no statement', async () => {
    await using second = await on().another()
    const tenantId = on().newTenant()
    const [here, there] = [on().crm, second].map((crm) => crm.session({ tenantId, actor: staff }))
    if (!here || !there) throw new Error('two processes are needed')
    await here.contacts.create({ emails: [{ address: 'first@example.com' }] })
    await there.contacts.create({ emails: [{ address: 'second@example.com' }] })
    const statementsOf = async (work: Promise<unknown>): Promise<number> => {
      on().calls.count = 0
      await work
      return on().calls.count
    }
    const before = await statementsOf(there.contacts.create({ emails: [{ address: 'third@example.com' }] }))
    await here.suppressions.add({ email: 'eve@example.com' }, 'requested')
    await expect(there.contacts.create({ emails: [{ address: 'EVE@example.com' }] })).rejects.toMatchObject({
      code: 'rule_violated',
      details: { reason: 'suppressed', field: 'emails' },
    })
    const after = await statementsOf(there.contacts.create({ emails: [{ address: 'fourth@example.com' }] }))
    expect([before, after]).toEqual([1, 1])
  })

  test('consent is confirmed twice, decided with its reason and refused once it expired', async () => {
    const shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const asked = { contactId: ada.id, purpose: 'news', channel: 'email', confirmed: true } as const
    const { token } = await shop.consents.requestOptIn({
      contactId: ada.id,
      purpose: 'news',
      channel: 'email',
      source: 'checkout',
      validTo: '2027-01-01T00:00:00.000Z',
    })
    expect(await shop.consents.decide(asked)).toMatchObject({ granted: false, reason: 'no_statement' })
    const { id } = await shop.consents.confirmOptIn(token)
    expect(await shop.consents.prove(asked)).toMatchObject({ granted: true, consentId: id })
    const later = { ...asked, at: '2027-01-01T00:00:00.000Z' }
    expect(await shop.consents.decide(later)).toMatchObject({ granted: false, reason: 'expired', consentId: id })
    await expect(shop.consents.prove(later)).rejects.toMatchObject({ details: { reason: 'expired' } })
  })

  test('chatwoot #5583, #12526, #5109, #947: retention removes what is due and keeps what is held', async () => {
    const { shop, person } = await furnish()
    await shop.privacy.retention.create({ object: 'ticket', since: 'createdAt', afterDays: 30, action: 'delete' })
    const start = on().clock.now()
    const hold = await shop.privacy.holds.place({ objectType: 'ticket', recordId: person.ticketId, reason: 'case 12' })
    const apply = async () => (await shop.runs.wait((await shop.privacy.retention.apply()).id)).result
    on().clock.set(start + 31 * 86_400_000)
    try {
      expect(await apply()).toEqual({ applied: 0, held: 1 })
      await shop.privacy.holds.lift(hold.id)
      expect(await apply()).toEqual({ applied: 1, held: 0 })
      await expect(shop.tickets.get(person.ticketId)).rejects.toMatchObject({ code: 'not_found' })
    } finally {
      on().clock.set(start)
    }
  })
})

/** Every table of a database, system schemas apart, as the text of its rows. */
const tablesQuery = `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
  where table_type = 'BASE TABLE' and table_schema = $1`

async function markedTables(client: pg.Client, schema: string): Promise<string[]> {
  const found: string[] = []
  for (const { name } of (await client.query<{ name: string }>(tablesQuery, [schema])).rows) {
    const { rows } = await client.query(`select 1 from ${name} as t where t::text ~* $1 limit 1`, [markPattern])
    if (rows.length > 0) found.push(name)
  }
  return found
}

test.each(['anonymise', 'delete'] as const)(
  'after erasure (%s) no table of the PostgreSQL schema holds a byte of the subject, change feed included',
  async (mode) => {
    const schema = 'privacy_dump'
    const connectionString = inject('postgresUrl')
    await using crm = await createCrm({ storage: postgresStorage({ connectionString, schema, migrate: 'auto' }) })
    const shop = crm.session({ tenantId: mode, actor: staff })
    const { contactId } = await plantMarkedPerson(crm, shop)
    const client = new pg.Client({ connectionString })
    await client.connect()
    try {
      expect((await markedTables(client, schema)).length).toBeGreaterThanOrEqual(12)
      const run = await shop.privacy.erase(contactId, { mode, reason })
      expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
      expect(await markedTables(client, schema)).toEqual([])
    } finally {
      await client.end()
    }
  },
)
