import { expect, test } from 'vitest'
import { crmEntities } from '../../crm-entities.js'
import { fieldCopies } from '../../field-copies.js'
import { systemRandom } from '../../kernel/random-source.js'
import { allRows, tenantId } from '../../security/marked-person.fixture.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import { createTestCrm, type TestCrmOptions } from '../../testing.js'
import type { Entity } from '../entity.js'
import type { Where } from '../where.js'
import type { EncryptionOptions, Keyring } from './encryption-options.js'

const operator = { type: 'user', id: 'u_1' } as const
const keyOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const ring: Keyring = { current: '2026', keys: { 2026: keyOf(1) } }
const fields = {
  contact: ['birthDate', 'emails', 'custom.taxNumber'],
  ticket: ['subject', 'description'],
} as const satisfies EncryptionOptions['fields']

/** The storage for one process of several: closing it leaves it open. */
function keptOpen(storage: StorageAdapter): StorageAdapter {
  return new Proxy(storage, {
    get(target, name) {
      if (name === 'close') return async () => {}
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

async function openShop(storage: StorageAdapter = memoryStorage(), options: TestCrmOptions = {}) {
  const crm = await createTestCrm({
    storage: keptOpen(storage),
    random: systemRandom,
    encryption: { keyring: ring, fields },
    ...options,
  })
  return { crm, storage, shop: crm.session({ tenantId, actor: operator }) }
}

async function furnishedShop() {
  const opened = await openShop()
  const { shop } = opened
  await shop.customFields.register({ object: 'contact', key: 'taxNumber', type: 'text', label: 'Tax number' })
  const ada = await shop.contacts.create({
    firstName: 'Ada',
    birthDate: '1815-12-10',
    emails: [{ address: 'Ada@Example.com' }],
    custom: { taxNumber: 'DE 129 273 398' },
  })
  const ticket = await shop.tickets.open({ contactId: ada.id, subject: 'Parcel lost', description: 'Never came' })
  return { ...opened, ada, ticket }
}

/** Where storage holds a secret in the clear. */
async function plainIn(storage: StorageAdapter): Promise<string[]> {
  const rows = Object.entries(await allRows(storage, tenantId))
  const places = rows.flatMap(([entity, all]) =>
    all.flatMap((row) =>
      Object.entries(row).flatMap(([path, value]) =>
        secrets.test(JSON.stringify(value)) ? [`${entity}.${path}`] : [],
      ),
    ),
  )
  return [...new Set(places)]
}

const secrets = /1815-12-10|ada@example|DE 129|parcel|never came/i

test('what is encrypted reads as it was written, and lies in storage, journal and backup as ciphertext alone', async () => {
  const { shop, storage, ada, ticket } = await furnishedShop()
  expect(await shop.contacts.get(ada.id)).toMatchObject({
    birthDate: '1815-12-10',
    emails: [{ address: 'Ada@Example.com' }],
    primaryEmail: 'Ada@Example.com',
    custom: { taxNumber: 'DE 129 273 398' },
  })
  expect(await shop.tickets.get(ticket.id)).toMatchObject({ subject: 'Parcel lost', description: 'Never came' })
  await shop.contacts.update(ada.id, { birthDate: '1815-12-11' })
  const [change] = (await shop.contacts.history(ada.id)).items
  expect(change?.changes).toEqual([{ field: 'birthDate', before: '1815-12-10', after: '1815-12-11' }])
  expect(await shop.contacts.verifyHistory(ada.id)).toMatchObject({ intact: true, entries: 2 })
  expect(await shop.timeline.of({ type: 'contact', id: ada.id })).toMatchObject({ items: [{ title: 'Parcel lost' }] })
  expect(await plainIn(storage)).toEqual([])
  for await (const line of shop.backup()) expect(line).not.toMatch(secrets)
  let exported = ''
  for await (const line of shop.privacy.export(ada.id)) exported += line
  expect(exported).toContain('1815-12-11')
})

test('an encrypted field is found by equality in any spelling, and its unique value is taken once', async () => {
  const { shop, ada } = await furnishedShop()
  const idsOf = async (where: Where) => (await shop.contacts.find({ where })).items.map(({ id }) => id)
  const other = await shop.contacts.create({ firstName: 'Bob' })
  expect(await idsOf({ birthDate: '1815-12-10' })).toEqual([ada.id])
  expect(await idsOf({ birthDate: { in: ['1700-01-01', '1815-12-10'] } })).toEqual([ada.id])
  expect(await idsOf({ birthDate: { ne: '1815-12-10' } })).toEqual([other.id])
  expect(await idsOf({ birthDate: { isNull: true } })).toEqual([other.id])
  expect(await idsOf({ primaryEmail: ' ADA@example.com' })).toEqual([ada.id])
  expect(await idsOf({ 'custom.taxNumber': 'de 129 273 398' })).toEqual([ada.id])
  expect(await idsOf({ not: { or: [{ birthDate: '1815-12-10' }] } })).toEqual([other.id])
  expect(await shop.contacts.findByEmail('ada@example.com')).toMatchObject({ id: ada.id })
  await expect(shop.contacts.create({ emails: [{ address: 'ada@EXAMPLE.com' }] })).rejects.toMatchObject({
    code: 'conflict',
    details: { field: 'emails' },
  })
  await shop.contacts.update(ada.id, { birthDate: null, custom: { taxNumber: null } })
  expect(await idsOf({ birthDate: '1815-12-10' })).toEqual([])
  expect(await idsOf({ 'custom.taxNumber': 'DE 129 273 398' })).toEqual([])
})

test.each([
  [{ where: { birthDate: { gt: '1800-01-01' } } }, 'birthDate'],
  [{ where: { birthDate: { prefix: '1815' } } }, 'birthDate'],
  [{ where: { 'custom.taxNumber': { has: 'DE' } } }, 'custom.taxNumber'],
  [{ where: { primaryEmail: { contains: 'ada', fold: true } } }, 'primaryEmail'],
  [{ orderBy: ['-birthDate'] }, 'birthDate'],
])('a question that ciphertext cannot answer is refused with the remedy: %j', async (options, field) => {
  const { shop } = await furnishedShop()
  await expect(shop.contacts.find(options)).rejects.toMatchObject({
    code: 'unsupported',
    details: { field, remedy: expect.stringContaining('eq, ne or in') },
  })
})

test.each([
  [{ contact: ['fullname'] }, 'is not a field'],
  [{ nothing: ['name'] }, 'names no entity'],
  [{ contact: ['lifecycleStage'] }, 'is not personal'],
  [{ contact: ['scores.clv.amountMinor'] }, 'is neither text nor structured'],
  [{ contact: ['externalRefs'] }, 'other systems find the record by them'],
])('a field that cannot be encrypted is refused at definition: %j', async (chosen, why) => {
  await expect(openShop(memoryStorage(), { encryption: { keyring: ring, fields: chosen } })).rejects.toThrow(why)
})

test('every place that is named as a copy of a field is there, and can be encrypted', () => {
  const { of, ofAny, never } = fieldCopies
  const places = [
    ...Object.entries(of).flatMap(([place, copies]) => [place, ...copies]),
    ...ofAny,
    ...Object.keys(never),
  ]
  const types = places.map((place) => {
    const dot = place.indexOf('.')
    const entity = (crmEntities as readonly Entity[]).find(({ name }) => name === place.slice(0, dot))
    return entity?.fields.get(place.slice(dot + 1))?.type
  })
  expect(types.filter((type) => type !== 'text' && type !== 'json')).toEqual([])
})

test('a keyring without its current key, or with a key of another length, is refused at definition', async () => {
  for (const keyring of [
    { current: 'b', keys: { a: keyOf(1) } },
    { current: 'a', keys: { a: new Uint8Array(16) } },
  ])
    await expect(openShop(memoryStorage(), { encryption: { keyring, fields } })).rejects.toThrow(TypeError)
})

test('ciphertext that was changed, or moved to another record or field, is a typed error that names the field alone', async () => {
  const { shop, storage, ada } = await furnishedShop()
  const bob = await shop.contacts.create({ firstName: 'Bob', jobTitle: 'Clerk', birthDate: '1900-01-01' })
  const raw = storage.session({ tenantId })
  const [row] = await raw.getMany('contact', [ada.id])
  const sealed = row?.birthDate as string
  const flipped = `${sealed.slice(0, -6)}${sealed.at(-6) === 'A' ? 'B' : 'A'}${sealed.slice(-5)}`
  for (const [id, birthDate] of [
    [ada.id, flipped],
    [bob.id, sealed],
  ] as const) {
    await raw.write([{ do: 'patch', entity: 'contact', id, set: { birthDate } }])
    const error = await shop.contacts.get(id).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'storage_failed',
      details: { entity: 'contact', id, field: 'birthDate', reason: 'undecryptable', retriable: false },
    })
    expect(JSON.stringify(error)).not.toMatch(secrets)
    expect((error as Error).cause).toBeUndefined()
  }
})

test('without the key that it was encrypted under a tenant cannot be read, and the error names the key that is missing', async () => {
  const { storage, ada } = await furnishedShop()
  const lost = await openShop(storage, { encryption: { fields, keyring: { current: 'b', keys: { b: keyOf(9) } } } })
  await expect(lost.shop.contacts.get(ada.id)).rejects.toMatchObject({
    code: 'storage_failed',
    details: { reason: 'key_missing', field: 'encryption.keyring', remedy: expect.stringContaining('2026') },
  })
  const forged = await openShop(storage, {
    encryption: { fields, keyring: { current: '2026', keys: { 2026: keyOf(9) } } },
  })
  await expect(forged.shop.contacts.get(ada.id)).rejects.toMatchObject({
    details: { entity: 'encryptionKey', field: 'wrapped', reason: 'undecryptable' },
  })
})

test('after a renewal the new key of the keyring opens everything and the old one is not needed', async () => {
  const { storage, ada } = await furnishedShop()
  const both = { current: '2027', keys: { 2026: keyOf(1), 2027: keyOf(2) } }
  const { shop } = await openShop(storage, { encryption: { fields, keyring: both } })
  expect(await shop.contacts.get(ada.id)).toMatchObject({ birthDate: '1815-12-10' })
  const run = await shop.runs.wait((await shop.privacy.renewEncryption()).id)
  expect(run).toMatchObject({ status: 'done', result: { rewrapped: 1, sealed: 0 } })
  const newest = { current: '2027', keys: { 2027: keyOf(2) } }
  const renewed = await openShop(storage, { encryption: { fields, keyring: newest } })
  expect(await renewed.shop.contacts.get(ada.id)).toMatchObject({ birthDate: '1815-12-10' })
  expect((await renewed.shop.contacts.find({ where: { birthDate: '1815-12-10' } })).items).toHaveLength(1)
  await renewed.shop.contacts.update(ada.id, { birthDate: '1815-12-12' })
  await renewed.shop.contacts.create({ firstName: 'New', birthDate: '1815-12-12' })
  expect(await renewed.shop.contacts.count({ where: { birthDate: '1815-12-12' } })).toBe(2)
})

test('a session that has old keys in memory goes on writing after a renewal by another process', async () => {
  const { shop, storage, ada } = await furnishedShop()
  const keyring = { current: '2027', keys: { 2026: keyOf(1), 2027: keyOf(2) } }
  const other = await openShop(storage, { encryption: { fields, keyring } })
  await other.shop.runs.wait((await other.shop.privacy.renewEncryption()).id)
  const both = await openShop(storage, { encryption: { fields, keyring: { ...keyring, current: '2026' } } })
  await both.shop.contacts.update(ada.id, { birthDate: '1815-12-13' })
  // The first process lacks the new key: it is told so, and writes nothing that nobody could read.
  await expect(shop.contacts.create({ birthDate: '1815-12-14' })).rejects.toMatchObject({
    details: { reason: 'key_missing' },
  })
  expect(await other.shop.contacts.get(ada.id)).toMatchObject({ birthDate: '1815-12-13' })
})

test('what was written before its field was encrypted is read as it is, and encrypted by a renewal, its journal too', async () => {
  const storage = memoryStorage()
  const plain = await createTestCrm({ storage: keptOpen(storage), random: systemRandom })
  const before = plain.session({ tenantId, actor: operator })
  const ada = await before.contacts.create({ birthDate: '1815-12-10', emails: [{ address: 'ada@example.com' }] })
  await plain.close()
  const { shop } = await openShop(storage)
  expect(await shop.contacts.get(ada.id)).toMatchObject({ birthDate: '1815-12-10' })
  const run = await shop.runs.wait((await shop.privacy.renewEncryption()).id)
  expect(run).toMatchObject({ status: 'done', result: { sealed: 3 } })
  expect(await plainIn(storage)).toEqual([])
  expect(await shop.contacts.get(ada.id)).toMatchObject({ birthDate: '1815-12-10', version: 1 })
  expect(await shop.contacts.findByEmail('ada@example.com')).toMatchObject({ id: ada.id })
  await expect(shop.contacts.create({ emails: [{ address: 'ada@example.com' }] })).rejects.toMatchObject({
    code: 'conflict',
  })
  expect(await shop.contacts.verifyHistory(ada.id)).toMatchObject({ intact: true })
})

test('erasing a person destroys the key: ciphertext kept elsewhere stays closed, and the hash chain still verifies', async () => {
  const { shop, storage, ada, ticket } = await furnishedShop()
  const raw = storage.session({ tenantId })
  const [kept] = await raw.getMany('contact', [ada.id])
  const [message] = (await raw.find({ entity: 'ticket', order: ['id'], limit: 1 })).rows
  const run = await shop.privacy.erase(ada.id, { mode: 'anonymise', reason: 'request of the person' })
  expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
  expect(await shop.tickets.get(ticket.id)).toMatchObject({ subject: 'erased' })
  await raw.write([
    { do: 'patch', entity: 'contact', id: ada.id, set: { birthDate: kept?.birthDate } },
    { do: 'patch', entity: 'ticket', id: ticket.id, set: { subject: message?.subject } },
  ])
  expect((await shop.contacts.get(ada.id)).birthDate).toBeUndefined()
  expect(await shop.tickets.get(ticket.id)).toMatchObject({ subject: 'erased' })
  expect(await shop.contacts.verifyHistory(ada.id)).toMatchObject({ intact: true })
  await shop.contacts.update(ada.id, { birthDate: '1950-05-05' })
  expect(await shop.contacts.get(ada.id)).toMatchObject({ birthDate: '1950-05-05' })
})

test('destroying a key alone erases: journal values go with it and the chain verifies', async () => {
  const { shop, storage, ada } = await furnishedShop()
  const raw = storage.session({ tenantId })
  const { rows } = await raw.find({
    entity: 'encryptionKey',
    where: { op: 'eq', path: 'ownerId', value: ada.id },
    order: ['id'],
    limit: 1,
  })
  await raw.write([{ do: 'patch', entity: 'encryptionKey', id: rows[0]?.id as string, set: { wrapped: null } }])
  const { shop: next } = await openShop(storage)
  const read = await next.contacts.get(ada.id)
  expect(read).toMatchObject({ firstName: 'Ada', emails: [] })
  expect(read.birthDate).toBeUndefined()
  expect(await next.contacts.verifyHistory(ada.id)).toMatchObject({ intact: true })
  expect(JSON.stringify((await next.contacts.history(ada.id)).items)).not.toMatch(secrets)
  await shop.contacts.get(ada.id)
})

test('two processes that write of a new person at once make one key', async () => {
  const { storage, shop } = await openShop()
  const { shop: second } = await openShop(storage)
  const ada = await shop.contacts.create({ firstName: 'Ada' })
  await Promise.all([
    shop.tickets.open({ contactId: ada.id, subject: 'One' }),
    second.tickets.open({ contactId: ada.id, subject: 'Two' }),
  ])
  const { items } = await shop.tickets.find()
  expect(items.map(({ subject }) => subject).sort()).toEqual(['One', 'Two'])
})

test('a merge takes encrypted values along and gives them back', async () => {
  const { shop, ada, storage } = await furnishedShop()
  const twin = await shop.contacts.create({ firstName: 'Ada', emails: [{ address: 'twin@example.com' }] })
  const { mergeId } = await shop.contacts.merge({ survivorId: twin.id, mergedIds: [ada.id] })
  expect(await shop.contacts.get(twin.id)).toMatchObject({ birthDate: '1815-12-10' })
  expect(await plainIn(storage)).toEqual([])
  await shop.contacts.unmerge(mergeId)
  expect(await shop.contacts.get(ada.id)).toMatchObject({ birthDate: '1815-12-10' })
  expect((await shop.contacts.get(twin.id)).birthDate).toBeUndefined()
})

test('equal values have different ciphertexts, and lengths show in steps of 32 bytes only', async () => {
  const { shop, storage } = await openShop()
  const dates = ['1900-01-01', '1900-01-01']
  for (const birthDate of dates) await shop.contacts.create({ birthDate })
  for (const length of [1, 25]) {
    const { id } = await shop.contacts.create({ firstName: 'N' })
    await shop.tickets.open({ contactId: id, subject: 'x'.repeat(length) })
  }
  const rows = await allRows(storage, tenantId)
  const [first, second] = (rows.contact ?? []).flatMap(({ birthDate }) => (birthDate ? [birthDate as string] : []))
  expect(first).not.toBe(second)
  expect(new Set((rows.ticket ?? []).map(({ subject }) => (subject as string).length)).size).toBe(1)
})

test('a renewal where nothing is encrypted is refused with the remedy', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId, actor: operator })
  await expect(shop.privacy.renewEncryption()).rejects.toMatchObject({ code: 'unsupported' })
})

test('random bytes come from the generator of the platform, each given away once', () => {
  const seen = new Set<string>()
  for (let round = 0; round < 1_000; round++) seen.add(systemRandom.bytes(12).toString())
  expect(seen.size).toBe(1_000)
})
