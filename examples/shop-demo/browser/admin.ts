import '@rapport/widgets/define/customer-card'
import '@rapport/widgets/define/customer-table'
import { createRapportClient } from '@rapport/http/client'
import type { RapportCustomerCard, RapportCustomerTable } from '@rapport/widgets'
import { hashOf, placeOf } from './admin-place.js'
import { byId } from './element.js'
import { chooseTheme, isDark } from './theme.js'
import { ticketDesk } from './ticket-desk.js'
import { tokenFrom } from './token-from.js'

const refreshEveryMs = 5_000

const client = createRapportClient({ baseUrl: '/api/v1', getToken: () => tokenFrom('/demo/admin-token') })
const table = byId<RapportCustomerTable>('table')
const card = byId<RapportCustomerCard>('card')
const panel = byId('customer-panel')
const badge = byId('open-tickets')
const theme = byId<HTMLButtonElement>('theme')
const workplace = byId('workplace')

table.client = client
card.client = client

const desk = ticketDesk(client, {
  onOpenCount: (count) => {
    badge.replaceChildren(badge.firstElementChild ?? '', String(count))
    for (const fact of document.querySelectorAll('[data-fact="open-tickets"]')) fact.textContent = String(count)
  },
  onChoose: (id) => go({ view: 'tickets', id }),
})

table.addEventListener('rapport-open', (event) => go({ view: 'customers', id: event.detail.id }))
card.addEventListener('rapport-ticket-open', (event) => go({ view: 'tickets', id: event.detail.id }))
byId('close-customer').addEventListener('click', closeCustomer)
panel.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeCustomer()
})

theme.setAttribute('aria-pressed', String(isDark()))
theme.addEventListener('click', () => {
  chooseTheme(isDark() ? 'light' : 'dark')
  theme.setAttribute('aria-pressed', String(isDark()))
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
  for (const name of ['customers', 'tickets', 'models'] as const) byId(`${name}-view`).hidden = name !== view
  for (const link of document.querySelectorAll<HTMLElement>('[data-view]')) {
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  const customer = view === 'customers' ? id : undefined
  panel.hidden = customer === undefined
  workplace.classList.toggle('with-customer', customer !== undefined)
  if (customer !== undefined) card.contactId = customer
  void desk.choose(view === 'tickets' ? id : undefined)
}

/** Back to the table, where the focus came from. */
function closeCustomer(): void {
  go({ view: 'customers' })
  table.shadowRoot?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
}
