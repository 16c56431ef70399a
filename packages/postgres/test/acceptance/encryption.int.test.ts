import { type Crm, type CrmSession, type EncryptionOptions, migrate, planMigration } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { allRows, mark, marksIn, plantMarkedPerson } from '../../../core/src/security/marked-person.fixture.js'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

const encryption: EncryptionOptions = {
  keyring: { current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } },
  fields: {
    contact: ['birthDate', 'firstName', 'lastName', 'emails', 'phones', 'addresses', 'custom.nickname'],
    ticket: ['subject', 'description'],
    activity: ['subject', 'body', 'outcome'],
  },
}
/** What is not encrypted here: other fields of and about the person, what they are searched by, and what the journal says of them. */
const leftReadable = new RegExp(
  [
    ...['salutation', 'jobTitle', 'externalRef', 'custom', 'author', 'createdBy', 'updatedBy', '^journal of', 'role'],
    ...['^behaviourEvent', '^contactGroup', '^externalData', 'savedView.name', 'contact.search'],
  ].join('|'),
)

describeOnEveryStorage('encryption', (on) => {
  let crm: Crm
  let tenantId: string
  let shop: CrmSession
  let contactId: string
  beforeAll(async () => {
    crm = await on().another({ encryption })
    tenantId = on().newTenant()
    shop = crm.session({ tenantId, actor: staff })
    contactId = (await plantMarkedPerson(crm, shop)).contactId
  })
  afterAll(() => crm.close())

  test('of encrypted fields storage holds no byte in the clear: record, copy, journal, search term, backup', async () => {
    const rows = await allRows(on().storage, tenantId)
    expect(marksIn(rows).filter((place) => !leftReadable.test(place))).toEqual([])
    const found = (rows.contact ?? []).map(({ searchTerms, searchTexts }) => [searchTerms, searchTexts])
    expect(JSON.stringify(found)).not.toMatch(/last-|second|魏|曌|new[.]|ville|774/i)
    const changes = (rows.journal ?? []).flatMap(({ entity, changes: changed }) =>
      (changed as { field: string }[]).filter(({ field }) => encryption.fields[entity as string]?.includes(field)),
    )
    expect(changes.length).toBeGreaterThan(10)
    expect(changes.filter((change) => 'salt' in change || 'before' in change || 'after' in change)).toEqual([])
    expect(await shop.contacts.get(contactId)).toMatchObject({ birthDate: '1907-12-09', firstName: `Second ${mark}` })
    expect((await shop.contacts.history(contactId)).items.at(-1)?.changes).toContainEqual({
      field: 'birthDate',
      after: '1907-12-09',
    })
    for await (const line of shop.backup()) expect(line).not.toContain('1907-12-09')
  })

  test('an encrypted field is found by equality, unique by its hash, and refuses what ciphertext cannot answer', async () => {
    const byMail = { primaryEmail: `NEW.${mark}@example.com` }
    expect((await shop.contacts.find({ where: byMail })).items.map(({ id }) => id)).toEqual([contactId])
    expect(await shop.contacts.count({ where: { birthDate: { in: ['1907-12-09'] } } })).toBe(1)
    expect(await shop.contacts.count({ where: { 'custom.nickname': `other ${mark}` } })).toBe(1)
    await expect(shop.contacts.create({ emails: [{ address: `new.${mark}@example.com` }] })).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(shop.contacts.find({ where: { birthDate: { lt: '2000-01-01' } } })).rejects.toMatchObject({
      code: 'unsupported',
    })
    await expect(shop.contacts.find({ orderBy: ['birthDate'] })).rejects.toMatchObject({ code: 'unsupported' })
  })

  test('a backup is restored elsewhere under the same keyring, and read', async () => {
    const lines: string[] = []
    for await (const line of shop.backup()) lines.push(line)
    const { memoryStorage } = await import('@rapport/core/storage/memory')
    const { createCrm } = await import('@rapport/core')
    await using elsewhere = await createCrm({ storage: memoryStorage(), encryption })
    const copy = elsewhere.session({ tenantId, actor: staff })
    await copy.restore(lines)
    expect(await copy.contacts.get(contactId)).toEqual(await shop.contacts.get(contactId))
    expect(await copy.contacts.count({ where: { birthDate: '1907-12-09' } })).toBe(1)
  })

  test('erasure destroys the key of the person', async () => {
    const keysOf = async () =>
      ((await allRows(on().storage, tenantId)).encryptionKey ?? []).filter(({ ownerId }) => ownerId === contactId)
    expect(await keysOf()).toMatchObject([{ wrapped: expect.any(String) }])
    const run = await shop.privacy.erase(contactId, { mode: 'anonymise', reason: 'request of the person' })
    expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
    expect((await keysOf()).map(({ wrapped }) => wrapped)).toEqual([undefined])
    expect(marksIn(await allRows(on().storage, tenantId))).toEqual([])
  })

  test('keys are renewed under the newest key of the host, and what was plain before is encrypted', async () => {
    const other = on().newTenant()
    const plain = on().crm.session({ tenantId: other, actor: staff })
    const { id } = await plain.contacts.create({ firstName: 'Ada', birthDate: '1815-12-10' })
    const keyring = { current: 'k2', keys: { ...encryption.keyring.keys, k2: new Uint8Array(32).fill(8) } }
    await using next = await on().another({ encryption: { ...encryption, keyring } })
    const renewed = next.session({ tenantId: other, actor: staff })
    expect(await renewed.contacts.get(id)).toMatchObject({ birthDate: '1815-12-10' })
    const run = await renewed.runs.wait((await renewed.privacy.renewEncryption()).id)
    expect(run).toMatchObject({ status: 'done', result: { sealed: 2 } })
    expect(JSON.stringify((await allRows(on().storage, other)).contact)).not.toContain('1815-12-10')
    expect(await renewed.contacts.count({ where: { birthDate: '1815-12-10' } })).toBe(1)
  })
})

test('a schema without encryption is migrated to one with it, and no table holds an encrypted byte', async () => {
  const schema = 'encryption_dump'
  const connectionString = inject('postgresUrl')
  const { createCrm } = await import('@rapport/core')
  const open = () => postgresStorage({ connectionString, schema })
  await migrate(open())
  const plan = await planMigration(open(), { encryption })
  expect(plan.steps.length).toBeGreaterThan(0)
  await expect(createCrm({ storage: open(), encryption })).rejects.toMatchObject({
    details: { reason: 'schema_behind' },
  })
  await migrate(open(), { encryption })
  expect((await planMigration(open(), { encryption })).steps).toEqual([])
  await using crm = await createCrm({ storage: open(), encryption })
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const { id } = await shop.contacts.create({
    firstName: `First ${mark}`,
    emails: [{ address: `${mark}@example.com` }],
  })
  await shop.contacts.update(id, { firstName: `Later ${mark}` })
  await shop.tickets.open({ contactId: id, subject: `About ${mark}`, description: `I am ${mark}` })
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema = $1 and table_type = 'BASE TABLE'`,
      [schema],
    )
    for (const { name } of tables.rows) {
      const { rows } = await client.query(`select t::text from ${name} as t where t::text ~* $1`, [mark])
      expect({ name, rows }).toEqual({ name, rows: [] })
    }
  } finally {
    await client.end()
  }
})
