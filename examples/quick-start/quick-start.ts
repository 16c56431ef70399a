import { type Contact, createCrm, type Page, type Ticket, type View360 } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'

/** The README's example: what it shows is the region below, and the test beside this file runs it. */
export async function quickStart(
  connectionString: string,
): Promise<{ ada: Contact; ticket: Ticket; view: View360; atRisk: Page<Contact> }> {
  // #region readme
  await using crm = await createCrm({
    storage: postgresStorage({ connectionString, schema: 'rapport', migrate: 'auto' }),
  })
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_7' } })

  // By the shop's own id: running it twice changes nothing.
  const ada = await shop.contacts.upsert({
    externalRef: { system: 'shop', externalId: 'c-1042' },
    firstName: 'Ada',
    lastName: 'King',
    emails: [{ address: 'ada@example.com' }],
  })
  await shop.orders.record({
    externalRef: { system: 'shop', externalId: 'o-77' },
    contactId: ada.id,
    placedAt: '2026-03-01T10:00:00.000Z',
    total: { amountMinor: 4999, currency: 'EUR' },
  })
  const ticket = await shop.tickets.open({ contactId: ada.id, subject: 'Parcel never came', priority: 'high' })
  await shop.tickets.reply(ticket.id, { body: 'We are on it.', visibility: 'public' })

  // Published models over all customers, in batches, resumable.
  const run = await shop.scores.refresh(['rfm', 'clv'], { asOf: '2026-03-31' })
  await shop.runs.wait(run.id)

  // Profile, consent, orders, tickets, timeline, scores with reasons: at most 12 statements.
  const view = await shop.contacts.view360(ada.id)
  const atRisk = await shop.contacts.find({
    where: { 'scores.clv.probabilityAlive': { lt: 0.3 } },
    orderBy: ['-lastOrderAt'],
    limit: 50,
  })
  // #endregion
  return { ada, ticket, view, atRisk }
}
