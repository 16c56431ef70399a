import { createCrm } from '../create-crm.js'
import type { Crm } from '../crm.js'
import { crmDefinitions } from '../crm-entities.js'
import type { CrmSession } from '../crm-session.js'
import type { Row } from '../storage/row.js'
import type { Capabilities, StorageAdapter, StorageSession } from '../storage/storage-adapter.js'
import { testClock, testRandom } from '../testing.js'

/** May do everything in its tenant. */
export const operator = { type: 'system', id: 'operator' } as const

/** Entities that a backup leaves out. */
const notBackedUp: ReadonlySet<string> = new Set(['subscription', 'restoration'])

/** A CRM over a storage, with a standing clock and repeatable ids. */
export function crmOn(storage: StorageAdapter, seed = 1): Promise<Crm> {
  return createCrm({ storage, clock: testClock(), random: testRandom(seed) })
}

/** Records of every domain: changed, deleted and restored, with custom fields, numbers, totals and text of many scripts. */
export async function furnishTenant(shop: CrmSession): Promise<{ readonly contactId: string }> {
  await shop.tenant.update({ name: 'Läden & Söhne', currency: 'EUR', timeZone: 'Europe/Berlin' })
  await shop.customFields.register({ object: 'contact', key: 'taste', label: 'Taste', type: 'text' })
  const works = await shop.companies.create({ name: 'Analytical Works "№ 1"' })
  const ada = await shop.contacts.upsert({
    externalRef: { system: 'shop', externalId: 'c-1042' },
    firstName: 'Ada 😀',
    lastName: 'King\n\\ 中文',
    emails: [{ address: 'ada@example.com' }],
    custom: { taste: 'Jazz' },
  })
  const link = { fromType: 'contact', fromId: ada.id, toType: 'company', toId: works.id, typeKey: 'worksAt' } as const
  await shop.associations.link(link)
  await shop.contacts.update(ada.id, { lastName: 'Lovelace', tags: ['vip', 'early'] })
  const gone = await shop.contacts.create({ firstName: 'Gone', emails: [{ address: 'gone@example.com' }] })
  await shop.contacts.delete(gone.id)
  const back = await shop.contacts.create({ firstName: 'Back' })
  await shop.contacts.delete(back.id)
  await shop.contacts.restore(back.id)
  for (const [index, amountMinor] of [4_999, 0, 123].entries()) {
    const placedAt = `2026-02-0${index + 1}T10:00:00.123Z`
    await shop.orders.record({ contactId: ada.id, placedAt, total: { amountMinor, currency: 'EUR' } })
  }
  const ticket = await shop.tickets.open({ contactId: ada.id, subject: 'Parcel never came', priority: 'high' })
  await shop.tickets.reply(ticket.id, { body: 'We are on it.', visibility: 'public' })
  await shop.consents.grant({ contactId: ada.id, purpose: 'news', channel: 'email', source: 'checkout' })
  return { contactId: ada.id }
}

/** Every row of a tenant that a backup holds, by entity, in the order of the id. */
export async function contentOf(storage: StorageAdapter, tenantId: string): Promise<Readonly<Record<string, Row[]>>> {
  const session = storage.session({ tenantId })
  const content: Record<string, Row[]> = {}
  for (const { name } of crmDefinitions()) {
    if (notBackedUp.has(name)) continue
    const rows: Row[] = []
    for (let after: readonly [string] | undefined; ; ) {
      const page = await session.find({ entity: name, order: ['id'], limit: 1_000, ...(after && { after }) })
      rows.push(...page.rows)
      const last = page.rows.at(-1)
      if (page.done || !last) break
      after = [last.id]
    }
    content[name] = rows
  }
  return content
}

/** A storage whose sessions differ in some methods (`undefined`: have them not), and itself in some capabilities. */
export function storageWith(
  storage: StorageAdapter,
  methodsOf: (session: StorageSession) => {
    readonly [Name in keyof StorageSession]?: StorageSession[Name] | undefined
  },
  capabilities: Partial<Capabilities> = {},
): StorageAdapter {
  const overridden = <T extends object>(target: T, members: object): T =>
    new Proxy(target, {
      get(_, name) {
        if (Object.hasOwn(members, name)) return Reflect.get(members, name)
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  return overridden(storage, {
    capabilities: { ...storage.capabilities, ...capabilities },
    session: (scope: { readonly tenantId: string }) => {
      const session = storage.session(scope)
      return overridden(session, methodsOf(session))
    },
  })
}

/** All that comes, in order. */
export async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const each of source) all.push(each)
  return all
}

/** All text of a backup. */
export async function textOf(lines: AsyncIterable<string>): Promise<string> {
  return (await collected(lines)).join('')
}
