import { type DemoFacts, type FittedModel, shownLikePublished } from '../demo-facts.js'
import type { ScoreFindings } from '../score-findings.js'
import { type AdminFrame, adminShell } from './admin-shell.js'
import { barTable } from './bar-table.js'
import { formatCount, formatDay, formatMoney, formatPercent } from './formats.js'
import { html, type SafeHtml } from './html.js'
import { icon } from './icons.js'
import { scoresView } from './scores-view.js'

/** What the first page of the back office is drawn from. */
export interface AdminPageOptions extends AdminFrame {
  readonly facts: DemoFacts
  readonly findings: ScoreFindings
}

/** The first page of the back office: customers with their card, tickets, the scores of all, and the models behind them. */
export function adminPage({ facts, findings, ...frame }: AdminPageOptions): Response {
  return adminShell({
    ...frame,
    title: 'Back office',
    script: 'admin',
    asOf: facts.asOf,
    content: html`${customersView(facts, frame.openTickets)}
${ticketsView()}
${scoresView(findings, facts.asOf)}
${modelsView(facts)}`,
  })
}

function customersView(facts: DemoFacts, openTickets: number): SafeHtml {
  const { customers, orders, asOf, revenueMinor, expectedPurchases, lifetimeValueMinor, mostValuable } = facts
  const dollars = (amountMinor: number): string => formatMoney({ amountMinor, currency: 'USD' }, { cents: false })
  return html`<section id="customers-view" aria-labelledby="customers-title">
<div class="view-head">
<h1 id="customers-title">Customers</h1>
<p>Scores as of <b>${formatDay(asOf)}</b>. Real purchases of a music shop, invented names. <a href="#models">Where this comes from</a></p>
</div>
<dl class="tiles">
${tile('Customers', formatCount(customers), 'first bought in early 1997', 'customers')}
${tile('Purchases', formatCount(orders), `${dollars(revenueMinor)} in all`, 'orders')}
${tile('Purchases expected', formatCount(expectedPurchases), 'in the next 12 months')}
${tile('Value expected', dollars(lifetimeValueMinor), 'in the next 12 months')}
${tile('Top customers', formatPercent(mostValuable.share), `of that value, from ${formatCount(mostValuable.customers)}`)}
${tile('Open tickets', formatCount(openTickets), 'invented, and yours', 'open-tickets')}
</dl>
<div class="workplace" id="workplace">
<rapport-customer-table id="table" label="All customers" sort="-scores.clv" time-zone="UTC"></rapport-customer-table>
<aside id="customer-panel" aria-label="Customer" hidden>
<div class="panel-head"><h2>Customer</h2><a id="customer-page" href="/admin">Consent and data</a><button type="button" id="close-customer" aria-label="Close the customer">${icon('close')}</button></div>
<rapport-customer-card id="card" time-zone="UTC"></rapport-customer-card>
</aside>
</div>
</section>`
}

function ticketsView(): SafeHtml {
  return html`<section id="tickets-view" aria-labelledby="tickets-title" hidden>
<div class="view-head">
<h1 id="tickets-title">Tickets</h1>
<p>What customers ask. A ticket filed in the <a href="/#help">storefront</a> appears here within seconds.</p>
</div>
<div class="desk">
<div class="desk-list">
<div class="segmented" role="group" aria-label="Which tickets">
<button type="button" data-filter="open" aria-pressed="true">Open</button>
<button type="button" data-filter="done" aria-pressed="false">Done</button>
</div>
<ul id="ticket-rows" aria-label="Tickets"></ul>
<p id="ticket-status" role="status"></p>
</div>
<section id="conversation" class="desk-conversation" aria-label="Conversation"><p class="placeholder">Choose a ticket to read it and to answer.</p></section>
</div>
</section>`
}

function modelsView(facts: DemoFacts): SafeHtml {
  const { firstDay, lastDay, orders, customers, asOf, models, segments } = facts
  return html`<section id="models-view" aria-labelledby="models-title" hidden>
<div class="view-head">
<h1 id="models-title">Models and data</h1>
<p>Every score here can be traced: the data are public, the models published, and the fit is ours.</p>
</div>
<div class="models">
${models.map(modelCard)}
<article class="sheet">
<h2>Segments</h2>
<p class="muted">Recency, frequency and spend in fifths, named.</p>
${segmentBars(segments, customers)}
</article>
<article class="sheet origin">
<h2>Where the data come from</h2>
<p>${formatCount(orders)} purchases by ${formatCount(customers)} customers of CDNOW, an online music shop, from ${formatDay(firstDay)} to ${formatDay(lastDay)}, in US dollars: the log that Peter Fader and Bruce Hardie published, in its 1-in-10 sample. All of these customers bought for the first time in the first quarter of 1997.</p>
<p>The models see purchases up to ${formatDay(asOf)} (39 weeks), as in the paper; lists and cards also show what came later.</p>
<p><b>Invented</b>, always the same way: names, e-mail addresses (at domains reserved for examples), phone numbers (from the range kept for fiction), tickets, companies, consents and notes. No person in this demo exists.</p>
</article>
</div>
</section>`
}

function modelCard(model: FittedModel): SafeHtml {
  return html`<article class="sheet">
<h2>${model.name}</h2>
<p class="muted">${model.answers}</p>
<table>
<thead><tr><th scope="col">Parameter</th><th scope="col">Fitted here</th><th scope="col">Published</th><th scope="col"><span class="hidden">Compared</span></th></tr></thead>
<tbody>${model.parameters.map((parameter) => {
    const shown = shownLikePublished(parameter)
    const agrees = shown === parameter.published
    const minus = (text: string): string => text.replace('-', '−')
    return html`<tr><th scope="row">${parameter.symbol}</th><td data-parameter="${parameter.symbol}">${minus(shown)}</td><td>${minus(parameter.published)}</td><td>${agrees ? html`<span class="agrees">equal</span>` : html`<span class="differs">differs</span>`}</td></tr>`
  })}</tbody>
</table>
<p class="source">${model.source}</p>
</article>`
}

function segmentBars(segments: DemoFacts['segments'], customers: number): SafeHtml {
  return barTable(
    ['Segment', 'Share', 'Customers'],
    segments.map(({ segment, customers: size }) => ({
      name: nameOf(segment),
      size,
      share: formatPercent(size / customers),
      shown: formatCount(size),
    })),
  )
}

function tile(label: string, value: string, note: string, fact?: string): SafeHtml {
  return html`<div><dt>${label}</dt><dd class="value"${fact && html` data-fact="${fact}"`}>${value}</dd><dd class="note">${note}</dd></div>`
}

/** `cant_lose_them` as `Cant lose them`. */
function nameOf(segment: string): string {
  const text = segment.replaceAll('_', ' ').replace('cant', 'can’t')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
