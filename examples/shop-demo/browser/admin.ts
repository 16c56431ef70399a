import '@rapport/widgets/define/customer-card'
import '@rapport/widgets/define/customer-table'
import type { RapportCustomerCard, RapportCustomerTable } from '@rapport/widgets'
import { adminFrame } from './admin-frame.js'
import { hashOf, placeOf } from './admin-place.js'
import { byId } from './element.js'
import { scoreRefresh } from './score-refresh.js'
import { ticketDesk } from './ticket-desk.js'

const refreshEveryMs = 5_000

const client = adminFrame()
const table = byId<RapportCustomerTable>('table')
const card = byId<RapportCustomerCard>('card')
const panel = byId('customer-panel')
const badge = byId('open-tickets')
const workplace = byId('workplace')

// Everybody here is a customer, so the stage says nothing; what is worth most comes first, and stays in view beside a card.
table.columns = [
  { key: 'fullName', kind: 'person', width: 'minmax(13rem, 1.5fr)' },
  { key: 'scores.clv', kind: 'money', width: 'minmax(9.5rem, .9fr)' },
  { key: 'scores.clv.probabilityAlive', kind: 'share', width: 'minmax(9rem, 1fr)' },
  { key: 'scores.rfm.segment', kind: 'segment', width: 'minmax(9.5rem, 1.1fr)' },
  { key: 'orderCount', kind: 'number', width: 'minmax(6.75rem, .5fr)' },
  { key: 'lastOrderAt', kind: 'day', width: 'minmax(8rem, .8fr)' },
  { key: 'primaryEmail', kind: 'text', width: 'minmax(12rem, 1.7fr)' },
]
table.client = client
card.client = client

const desk = ticketDesk(client, {
  onOpenCount: (count) => {
    badge.replaceChildren(badge.firstElementChild ?? '', String(count))
    for (const fact of document.querySelectorAll('[data-fact="open-tickets"]')) fact.textContent = String(count)
  },
  onChoose: (id) => go({ view: 'tickets', id }),
})

// The pictures come from the server, with the numbers that are there now.
scoreRefresh(client, { asOf: byId('main').dataset.asOf ?? '', onDone: () => location.reload() })

table.addEventListener('rapport-open', (event) => go({ view: 'customers', id: event.detail.id }))
card.addEventListener('rapport-ticket-open', (event) => go({ view: 'tickets', id: event.detail.id }))
byId('close-customer').addEventListener('click', closeCustomer)
panel.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeCustomer()
})

window.addEventListener('hashchange', show)
show()
void desk.refresh()
setInterval(() => {
  if (document.visibilityState === 'visible') void desk.refresh()
}, refreshEveryMs)

function go(place: Parameters<typeof hashOf>[0]): void {
  location.hash = hashOf(place)
}

/** Shows what the address names. */
function show(): void {
  const { view, id } = placeOf(location.hash)
  for (const name of ['customers', 'tickets', 'scores', 'models'] as const) byId(`${name}-view`).hidden = name !== view
  for (const link of document.querySelectorAll<HTMLElement>('[data-view]')) {
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  const customer = view === 'customers' ? id : undefined
  panel.hidden = customer === undefined
  workplace.classList.toggle('with-customer', customer !== undefined)
  if (customer !== undefined) {
    card.contactId = customer
    byId<HTMLAnchorElement>('customer-page').href = `/admin/customers/${customer}`
  }
  void desk.choose(view === 'tickets' ? id : undefined)
}

/** Back to the table, where the focus came from. */
function closeCustomer(): void {
  go({ view: 'customers' })
  table.shadowRoot?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
}
