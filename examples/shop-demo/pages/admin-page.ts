import { type DemoFacts, type FittedModel, shownLikePublished } from '../demo-facts.js'
import type { ScoreFindings } from '../score-findings.js'
import { barTable } from './bar-table.js'
import { formatCount, formatDay, formatMoney, formatPercent } from './formats.js'
import { html, type SafeHtml } from './html.js'
import { pageAnswer } from './page-answer.js'
import { scoresView } from './scores-view.js'

/** What the back office is drawn from. */
export interface AdminPageOptions {
  readonly facts: DemoFacts
  readonly findings: ScoreFindings
  readonly memberName: string
  readonly openTickets: number
}

/** The back office: customers with their card, tickets, the scores of all, and the models behind them. */
export function adminPage({ facts, findings, memberName, openTickets }: AdminPageOptions): Response {
  const body = html`<a class="skip" href="#main">Skip to the content</a>
<div class="shell">
${sidebar(memberName, openTickets)}
<main id="main" tabindex="-1" data-as-of="${facts.asOf}">
<noscript><p>The back office needs JavaScript; the storefront does not.</p></noscript>
${customersView(facts, openTickets)}
${ticketsView()}
${scoresView(findings, facts.asOf)}
${modelsView(facts)}
</main>
</div>`
  return pageAnswer({ title: 'Lantern Records – back office', script: 'admin', body })
}

function sidebar(memberName: string, openTickets: number): SafeHtml {
  return html`<header class="sidebar">
<a class="brand" href="/admin">
<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" class="brand-tile"/><path d="M9 22V11.5A2.5 2.5 0 0 1 11.5 9h6a4.25 4.25 0 0 1 0 8.5H9m8.5 0L22.5 23" class="brand-line"/></svg>
<span><b>Rapport</b><small>Lantern Records</small></span>
</a>
<nav aria-label="Back office">
<a href="#customers" data-view="customers">${icon('people')}<span>Customers</span></a>
<a href="#tickets" data-view="tickets">${icon('chat')}<span>Tickets</span><span class="badge" id="open-tickets"><span class="hidden">open: </span>${formatCount(openTickets)}</span></a>
<a href="#scores" data-view="scores">${icon('grid')}<span>Scores</span></a>
<a href="#models" data-view="models">${icon('chart')}<span>Models and data</span></a>
</nav>
<div class="sidebar-foot">
<a href="/">${icon('shop')}<span>Storefront</span></a>
<button type="button" id="theme" aria-pressed="false">${icon('moon')}<span>Dark theme</span></button>
<p class="member"><span class="initials" aria-hidden="true">${initialsOf(memberName)}</span><span><b>${memberName}</b><small>demo member</small></span></p>
</div>
</header>`
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
<div class="panel-head"><h2>Customer</h2><button type="button" id="close-customer" aria-label="Close the customer">${icon('close')}</button></div>
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

function initialsOf(name: string): string {
  return name
    .split(' ')
    .map((word) => word.charAt(0))
    .join('')
}

const outlines = {
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM3 19.5a6 6 0 0 1 12 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.2a6 6 0 0 1 3.5 5.3',
  chat: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
  chart: 'M4 20V4M4 20h16M8 16l4-5 3 3 5-7',
  grid: 'M4 4h7v7H4ZM13 4h7v7h-7ZM4 13h7v7H4ZM13 13h7v7h-7Z',
  shop: 'M4 9l1.5-4.5h13L20 9M5 11v8.5h14V11M4 9a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0A2.7 2.7 0 0 0 20 9',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  close: 'M6 6l12 12M18 6L6 18',
} as const

function icon(name: keyof typeof outlines): SafeHtml {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${outlines[name]}"/></svg>`
}
