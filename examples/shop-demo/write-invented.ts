import type { Actor, Crm, CrmSession, Ticket } from '@rapport/core'
import type { BackdatingClock } from './backdating-clock.js'
import { cdnowSystem, type ImportOptions } from './import-cdnow.js'
import { inventedActivities, inventedCompanies, inventedConsents } from './invented-relations.js'
import { type InventedAuthor, type InventedTicket, inventedTickets } from './invented-tickets.js'

/** Edition of everything invented beyond names: counts up when the lists change, so that an older directory is completed. */
export const inventedEdition = 1

const hourMs = 3_600_000

const staff: Readonly<Record<Exclude<InventedAuthor, 'customer'>, Actor>> = {
  robin: { type: 'user', id: 'robin', name: 'Robin Shaw' },
  mei: { type: 'user', id: 'mei', name: 'Mei Tan' },
  note: { type: 'user', id: 'robin', name: 'Robin Shaw' },
}

/** Where invented history is written to. */
export interface InventedHistoryOptions extends ImportOptions {
  readonly crm: Crm
  readonly tenantId: string
  readonly clock: BackdatingClock
}

/**
 * Writes the invented tickets, companies, consents and activities, as if the people in them had acted at those hours. Each is
 * looked for before it is written, so an interrupted run is completed and a repeated one changes nothing.
 */
export async function writeInvented(options: InventedHistoryOptions): Promise<void> {
  const { crm, tenantId, clock, progress, signal } = options
  const nowMs = clock.now()
  const importer = crm.session({ tenantId, actor: { type: 'import', id: 'shop-demo', name: 'Shop demo' } })
  const contactId = contactFinder(importer)
  const work = [
    ...inventedCompanies.map((company) => () => writeCompany(importer, company, contactId)),
    ...inventedConsents.map((consent) => () => writeConsent(importer, consent, contactId)),
    ...inventedActivities.map((activity) => () => writeActivity(importer, activity, contactId, nowMs)),
    // The oldest first, so that numbers grow with time.
    ...inventedTickets
      .toSorted((left, right) => right.openedHoursAgo - left.openedHoursAgo)
      .map((ticket) => () => writeTicket(options, importer, ticket, contactId, nowMs)),
  ]
  const step = progress.step('Invented tickets and notes', work.length)
  for (const [index, write] of work.entries()) {
    signal.throwIfAborted()
    await write()
    step.update(index + 1)
  }
  step.finish()
}

type FindContact = (customerId: number) => Promise<string>

function contactFinder(session: CrmSession): FindContact {
  return async (customerId) => {
    const contact = await session.contacts.findByExternalRef({ system: cdnowSystem, externalId: String(customerId) })
    if (contact === undefined) throw new TypeError(`The log has no customer ${customerId}`)
    return contact.id
  }
}

async function writeCompany(
  session: CrmSession,
  { externalId, name, domain, industry, employeeCount, people }: (typeof inventedCompanies)[number],
  contactId: FindContact,
): Promise<void> {
  const company = await session.companies.upsert({
    externalRef: { system: 'shop-demo', externalId },
    name,
    domains: [domain],
    industry,
    employeeCount,
    type: 'customer',
    lifecycleStage: 'customer',
  })
  for (const [customerId, role] of people) {
    const link = {
      fromType: 'contact',
      fromId: await contactId(customerId),
      toType: 'company',
      toId: company.id,
      typeKey: 'worksAt',
    }
    const known = await session.associations.find({ where: link, limit: 1 })
    if (known.items.length > 0) continue
    await session.associations.link({ ...link, label: 'works at', inverseLabel: 'employs', isPrimary: true, role })
  }
}

async function writeConsent(
  session: CrmSession,
  { customerId, purpose, channel, granted }: (typeof inventedConsents)[number],
  contactId: FindContact,
): Promise<void> {
  const statement = { contactId: await contactId(customerId), purpose, channel }
  const known = await session.consents.find({ where: statement, limit: 1 })
  if (known.items.length > 0) return
  await session.consents[granted ? 'grant' : 'deny']({ ...statement, source: 'invented for the demo' })
}

async function writeActivity(
  session: CrmSession,
  { key, customerId, type, subject, body, occurredHoursAgo }: (typeof inventedActivities)[number],
  contactId: FindContact,
  nowMs: number,
): Promise<void> {
  const known = await session.activities.find({ where: { tags: { has: key } }, limit: 1 })
  if (known.items.length > 0) return
  await session.activities.log({
    type,
    subject,
    ...(body !== undefined && { body }),
    occurredAt: new Date(nowMs - occurredHoursAgo * hourMs).toISOString(),
    links: [{ type: 'contact', id: await contactId(customerId) }],
    tags: [key],
  })
}

async function writeTicket(
  { crm, tenantId, clock }: InventedHistoryOptions,
  importer: CrmSession,
  invented: InventedTicket,
  findContact: FindContact,
  nowMs: number,
): Promise<void> {
  const { customerId, subject, type, priority, channel, messages, outcome } = invented
  const contactId = await findContact(customerId)
  const customer: Actor = { type: 'contact', id: contactId, via: 'invented' }
  const momentOf = (afterHours: number): number => nowMs - (invented.openedHoursAgo - afterHours) * hourMs
  const [opening, ...replies] = messages as [InventedTicket['messages'][number], ...InventedTicket['messages']]

  const known = await importer.tickets.find({ where: { contactId, subject }, limit: 1 })
  const ticket: Ticket =
    known.items[0] ??
    (await clock.during(momentOf(0), () =>
      crm
        .session({ tenantId, actor: customer })
        .tickets.open({ contactId, subject, description: opening[2], type, priority, channel }),
    ))
  const written = (await importer.tickets.messages(ticket.id, { limit: 100 })).items.length - 1
  for (const [afterHours, author, body] of replies.slice(written)) {
    const actor = author === 'customer' ? customer : staff[author]
    const visibility = author === 'note' ? 'internal' : 'public'
    await clock.during(momentOf(afterHours), () =>
      crm.session({ tenantId, actor }).tickets.reply(ticket.id, { body, visibility }),
    )
  }
  const isDone = outcome === undefined || ticket.category === outcome
  if (isDone) return
  const lastHours = messages.at(-1)?.[0] ?? 0
  await clock.during(momentOf(lastHours + 0.5), async () => {
    const { tickets } = crm.session({ tenantId, actor: staff.robin })
    await (outcome === 'resolved' ? tickets.resolve(ticket.id) : tickets.close(ticket.id))
  })
}
