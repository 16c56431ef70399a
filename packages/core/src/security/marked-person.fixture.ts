import { crmDefinitions } from '../crm-entities.js'
import { verifyChain } from '../entity/journal-chain.js'
import type { Crm, CrmSession } from '../index.js'
import { memoryStorage } from '../storage/memory/index.js'
import type { Row } from '../storage/row.js'
import type { StorageAdapter } from '../storage/storage-adapter.js'
import { createTestCrm } from '../testing.js'

/** Stands, in some spelling, in every personal value of the marked person and in nothing else. */
export const mark = 'zqxmarker'
/** Digits that stand in the marked person's phone numbers. */
export const markedDigits = '907744551'
/** A Chinese name that stands in the marked person's, which is found simplified and by its sound as well. */
export const markedHan = '魏曌鑠'

/**
 * Every spelling in which the marked person may be found, as a regular expression of JavaScript and PostgreSQL alike: marks as
 * written, folded or normalised, the Chinese name in either script and by its sound, the birth date, and the mark in base64.
 */
export const markPattern = [
  mark,
  markedDigits,
  '1907-12-09',
  '魏曌',
  'wei ?zhao ?shuo',
  ...[0, 1, 2].map((offset) => inBase64(mark, offset)),
].join('|')

/** {@link markPattern}, whatever the case. */
export const marks = new RegExp(markPattern, 'i')

/** The part of a text in base64 that stays the same whatever precedes and follows, when it starts at a byte of this remainder. */
function inBase64(text: string, offset: number): string {
  const encoded = btoa(' '.repeat(offset) + text)
  return encoded
    .slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + text.length) * 4) / 3) - 1)
    .replaceAll('+', '[+]')
}

/** The tenant of {@link openMarkedShop}. */
export const tenantId = 'acme'

/** A member of staff with all rights. */
export const operator = { type: 'user', id: 'u_1', name: 'Grace' } as const

/** What was made around the marked person. */
export interface MarkedPerson {
  readonly contactId: string
  readonly bystanderId: string
  readonly companyId: string
  readonly ticketId: string
  readonly orderId: string
  readonly activityId: string
  readonly sharedActivityId: string
}

/** Puts a person with a mark in every value that the API takes for personal, now and in the past, beside others. */
export async function plantMarkedPerson(crm: Crm, shop: CrmSession): Promise<MarkedPerson> {
  await shop.customFields.register({
    object: 'contact',
    key: 'nickname',
    type: 'text',
    label: 'Nickname',
    personal: true,
  })
  await shop.customFields.register({ object: 'contact', key: 'shirtSize', type: 'text', label: 'Shirt size' })
  await shop.customFields.register({ object: 'order', key: 'giftNote', type: 'text', label: 'Note', personal: true })
  await shop.customFields.register({
    object: 'contact',
    key: 'memberNumber',
    type: 'text',
    label: 'Member number',
    personal: true,
    unique: true,
  })
  const passing = await shop.customFields.register({
    object: 'contact',
    key: 'formerNote',
    type: 'text',
    label: 'Former note',
    personal: true,
  })
  const company = await shop.companies.create({ name: 'Acme' })
  const bystander = await shop.contacts.create({ firstName: 'Bob', emails: [{ address: 'bob@example.com' }] })
  const person = await shop.contacts.create({
    salutation: `Dr ${mark}`,
    firstName: `First-${mark}`,
    lastName: `Last-${mark} ${markedHan}`,
    jobTitle: `Job ${mark}`,
    birthDate: '1907-12-09',
    emails: [{ address: `Old.${mark}@example.com` }, { address: `second.${mark}@example.com` }],
    phones: [{ number: `+49 ${markedDigits}` }],
    addresses: [{ type: 'shipping', line1: `${mark} street`, city: `${mark}ville`, countryCode: 'DE' }],
    externalRefs: [{ system: 'shop', externalId: `ref-${mark}` }],
    custom: { nickname: `Nick ${mark}`, shirtSize: 'XL', memberNumber: `M-${mark}`, formerNote: `note ${mark}` },
  })
  const contactId = person.id
  await shop.contacts.update(contactId, {
    emails: [{ address: `new.${mark}@example.com` }],
    firstName: `Second ${mark}`,
    custom: { nickname: `Other ${mark}` },
  })
  await shop.customFields.delete(passing.id)
  await shop.associations.link({
    fromType: 'contact',
    fromId: contactId,
    toType: 'company',
    toId: company.id,
    typeKey: 'worksAt',
  })
  await shop.consents.grant({ contactId, purpose: 'news', channel: 'email', source: 'checkout' })
  await shop.consents.requestOptIn({ contactId, purpose: 'survey', channel: 'email', source: 'checkout' })
  const order = await shop.orders.record({
    contactId,
    companyId: company.id,
    placedAt: '2026-02-01T10:00:00.000Z',
    total: { amountMinor: 4_999, currency: 'EUR' },
    externalRef: { system: 'shop', externalId: 'o-77' },
    status: 'completed',
    custom: { giftNote: `for ${mark}` },
  })
  const ticket = await shop.tickets.open({ contactId, subject: `About ${mark}`, description: `I am ${mark}` })
  await shop.tickets.update(ticket.id, { subject: `Still about ${mark}` })
  const visitor = crm.session({
    tenantId: shop.tenantId,
    actor: { type: 'contact', id: contactId, name: `Named ${mark}` },
  })
  await visitor.tickets.reply(ticket.id, { body: `Signed ${mark}` })
  await shop.tickets.reply(ticket.id, { body: `Dear ${mark}` })
  await shop.tickets.reply(ticket.id, { body: `internal: ${mark}`, visibility: 'internal' })
  const activity = await shop.activities.log({
    type: 'call',
    subject: `Called ${mark}`,
    body: `Talked to ${mark}`,
    outcome: `${mark} will pay`,
    links: [
      { type: 'contact', id: contactId },
      { type: 'company', id: company.id },
    ],
  })
  const shared = await shop.activities.log({
    type: 'meeting',
    subject: `Met ${mark} and Bob`,
    links: [
      { type: 'contact', id: contactId },
      { type: 'contact', id: bystander.id },
    ],
  })
  const hidden = await shop.activities.log({
    type: 'note',
    body: `Forget ${mark}`,
    links: [{ type: 'contact', id: contactId }],
  })
  await shop.activities.delete(hidden.id)
  await shop.activities.log({
    type: 'note',
    body: `On the ticket: ${mark}`,
    links: [{ type: 'ticket', id: ticket.id }],
  })
  await shop.externalData.record({
    contactId,
    source: 'registry',
    asOf: '2026-01-01T00:00:00.000Z',
    values: { street: `${mark} road`, score: 3 },
  })
  const group = await shop.groups.create({ name: `Family Second ${mark}` })
  await shop.groups.add(group.id, { contactId, role: `Head ${mark}` })
  await shop.views.create({
    name: `New.${mark}@example.com`,
    object: 'contact',
    where: { primaryEmail: `new.${mark}@example.com` },
  })
  await shop.segments.create({
    name: 'One person',
    kind: 'dynamic',
    definition: { where: { primaryPhone: `+49${markedDigits}` } },
  })
  const browser = await shop.visitors.start()
  await shop.visitors.consents.grant({ visitorId: browser.id, purpose: 'analytics', source: 'banner' })
  await shop.visitors.track({
    visitorId: browser.id,
    eventId: 'e-1',
    type: 'search',
    at: '2026-03-01T10:00:00.000Z',
    query: `looking for ${mark}`,
    page: `/people/${mark}`,
  })
  await shop.visitors.identify({ visitorId: browser.id, contactId, verified: true })
  const scoring = await shop.scores.refresh(['rfm'], { asOf: '2026-03-01' })
  await shop.runs.wait(scoring.id)
  return {
    contactId,
    bystanderId: bystander.id,
    companyId: company.id,
    ticketId: ticket.id,
    orderId: order.id,
    activityId: activity.id,
    sharedActivityId: shared.id,
  }
}

/** A CRM in memory around the marked person. */
export interface MarkedShop {
  readonly storage: StorageAdapter
  readonly crm: Awaited<ReturnType<typeof createTestCrm>>
  readonly shop: CrmSession
  readonly person: MarkedPerson
}

/** A shop in memory with the marked person, the only tenant's id and an operator's session. */
export async function openMarkedShop(): Promise<MarkedShop> {
  const storage = memoryStorage()
  const crm = await createTestCrm({ storage })
  const shop = crm.session({ tenantId, actor: operator })
  return { storage, crm, shop, person: await plantMarkedPerson(crm, shop) }
}

/** Every row of a tenant, also those that no backup holds, by entity. */
export async function allRows(storage: StorageAdapter, tenant: string): Promise<Readonly<Record<string, Row[]>>> {
  const session = storage.session({ tenantId: tenant })
  const rows: Record<string, Row[]> = {}
  for (const { name } of crmDefinitions()) {
    rows[name] = []
    for (let after: readonly [string] | undefined; ; ) {
      const page = await session.find({ entity: name, order: ['id'], limit: 1_000, ...(after && { after }) })
      rows[name].push(...page.rows)
      const last = page.rows.at(-1)
      if (page.done || !last) break
      after = [last.id]
    }
  }
  return rows
}

/** Where a mark is found: entity and path of each row that holds one. Nothing when the person is gone. */
export function marksIn(rows: Readonly<Record<string, readonly Row[]>>): string[] {
  const found = new Set<string>()
  for (const [entity, all] of Object.entries(rows))
    for (const row of all)
      for (const [path, value] of Object.entries(row)) {
        const text = JSON.stringify(value)
        if (marks.test(text) || text.replaceAll(/\D/g, '').includes(markedDigits))
          found.add(entity === 'journal' ? `journal of ${row.entity as string}: ${path}` : `${entity}.${path}`)
      }
  return [...found].sort()
}

/** Records whose hash chain does not verify: `entity/id`. Every entity with a journal is looked at. */
export function brokenChains(rows: Readonly<Record<string, readonly Row[]>>, tenant: string): string[] {
  const entries = (rows.journal ?? []).toSorted(
    (left, right) => (left.recordVersion as number) - (right.recordVersion as number),
  )
  const byRecord = Map.groupBy(entries, ({ entity, recordId }) => `${entity as string}/${recordId as string}`)
  return Object.entries(rows).flatMap(([entity, all]) =>
    all.flatMap(({ id, journalHash }) => {
      if (journalHash === undefined) return []
      const verdict = verifyChain(tenant, byRecord.get(`${entity}/${id}`) ?? [], journalHash as string)
      return verdict.intact ? [] : [`${entity}/${id}`]
    }),
  )
}

/** Everything a tenant gives out, as text: a backup, and contacts and what belongs to them as CSV, JSON lines and workbooks. */
export async function* outputOf(shop: CrmSession): AsyncGenerator<string> {
  yield* shop.backup()
  for (const object of ['contact', 'ticket', 'order']) {
    yield* shop.exports.csv({ object })
    yield* shop.exports.jsonLines({ object })
    const chunks: Uint8Array<ArrayBuffer>[] = []
    for await (const chunk of shop.exports.xlsx({ object })) chunks.push(Uint8Array.from(chunk))
    const { streamXlsxRows } = await import('hucre/xlsx')
    for await (const row of streamXlsxRows(new Uint8Array(await new Blob(chunks).arrayBuffer())))
      yield `${JSON.stringify(row)}\n`
  }
}
