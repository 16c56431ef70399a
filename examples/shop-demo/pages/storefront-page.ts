import type { Order } from '@rapport/core'
import { formatCount, formatDay, formatMoney } from './formats.js'
import { html, type SafeHtml } from './html.js'
import { pageAnswer } from './page-answer.js'
import { recordAndSleeve, shopWindow } from './record-sleeves.js'

/** A customer whom a visitor of the demo can sign in as. */
export interface ShopCustomer {
  /** Number in the log: what the sign-in form sends. */
  readonly customerId: number
  readonly contactId: string
  readonly name: string
  readonly orderCount: number
}

/** What a signed-in customer sees of their purchases. */
export interface OwnOrders {
  readonly latest: readonly Order[]
  readonly count: number
}

/** One step of the recipe. */
export interface RecipeStep {
  readonly title: string
  readonly text: string
  readonly file: string
  readonly code: string
}

/** What the storefront is drawn from. */
export interface StorefrontPageOptions {
  readonly customers: readonly ShopCustomer[]
  readonly signedIn?: { readonly customer: ShopCustomer; readonly orders: OwnOrders }
  /** A form without JavaScript has just been sent. */
  readonly ticketSent: boolean
  readonly recipe: readonly RecipeStep[]
}

/** The record shop: what any shop's page looks like with Rapport's elements in it. */
export function storefrontPage({ customers, signedIn, ticketSent, recipe }: StorefrontPageOptions): Response {
  const body = html`<a class="skip" href="#main">Skip to the content</a>
<aside class="demo-note" aria-label="About this demo"><p>A demo of Rapport: shop and people are invented, their purchases are the public CDNOW log of 1997–98. <a href="/admin">Open the back office</a></p></aside>
${shopHeader(signedIn?.customer)}
<main id="main" tabindex="-1">
${signedIn ? account(signedIn.customer, signedIn.orders, ticketSent) : welcome(customers)}
${recordShelf()}
${recipeSection(recipe)}
</main>
<footer class="shop-foot"><p>Lantern Records does not exist. Purchases: CDNOW log (Fader &amp; Hardie), 1-in-10 sample. Names, addresses, records and tickets: invented.</p></footer>`
  return pageAnswer({ title: 'Lantern Records', look: 'storefront', script: 'storefront', body })
}

function shopHeader(customer: ShopCustomer | undefined): SafeHtml {
  return html`<header class="shop-head">
<a class="shop-name" href="/">${lantern()}<span>Lantern Records</span></a>
<nav aria-label="Shop"><a href="#window">New in</a>${customer && html`<a href="#orders">Your orders</a><a href="#help">Help</a>`}<a href="#recipe">How it is built</a></nav>
${
  customer
    ? html`<form method="post" action="/session/end" class="sign-out"><span>${customer.name}</span><button>Sign out</button></form>`
    : html`<a class="button" href="#sign-in">Sign in</a>`
}
</header>`
}

function welcome(customers: readonly ShopCustomer[]): SafeHtml {
  return html`<section class="hero" aria-labelledby="hero-title">
<div>
<h1 id="hero-title">Records worth staying in for.</h1>
<p>New pressings, old favourites, and people who answer. Sign in to see your orders and to ask us anything.</p>
${recordAndSleeve}
</div>
<form method="post" action="/session" class="sign-in" id="sign-in" aria-labelledby="sign-in-title">
<h2 id="sign-in-title">Sign in as one of our customers</h2>
<p>A real shop asks for a password here. This one lets you choose.</p>
<ul>${customers.map(
    ({ customerId, name, orderCount }) =>
      html`<li><button name="customer" value="${customerId}"><b>${name}</b><small>${formatCount(orderCount)} ${orderCount === 1 ? 'order' : 'orders'}</small></button></li>`,
  )}</ul>
</form>
</section>`
}

function account(customer: ShopCustomer, orders: OwnOrders, ticketSent: boolean): SafeHtml {
  return html`<section class="account" aria-labelledby="account-title">
<h1 id="account-title">Good to see you, ${customer.name}.</h1>
${ticketSent && html`<p class="sent" role="status">Your request has arrived. It is in the list below.</p>`}
<div class="account-grid">
<section id="orders" aria-labelledby="orders-title" class="orders">
<h2 id="orders-title">Your orders</h2>
<table>
<thead><tr><th scope="col">Day</th><th scope="col">What</th><th scope="col">Total</th></tr></thead>
<tbody>${orders.latest.map(
    ({ placedAt, items, total }) =>
      html`<tr><td>${formatDay(placedAt)}</td><td>${items.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}</td><td>${formatMoney(total, { cents: true })}</td></tr>`,
  )}</tbody>
</table>
<p class="muted">${orders.count > orders.latest.length ? `The latest ${orders.latest.length} of ${formatCount(orders.count)}, from the CDNOW log.` : 'From the CDNOW log.'}</p>
<rapport-ticket-list id="ticket-list"></rapport-ticket-list>
</section>
<section id="help" aria-label="Help">
<rapport-ticket-form id="ticket-form" fields="subject message type">${plainTicketForm()}</rapport-ticket-form>
</section>
</div>
</section>`
}

/** The form that stands inside the element: it works before the script has loaded, and where none ever does. */
function plainTicketForm(): SafeHtml {
  return html`<form method="post" action="/api/v1/tickets" class="plain-form">
<h2>How can we help?</h2>
<input type="hidden" name="returnTo" value="/?ticket=sent#help">
<p><label for="plain-type">Topic</label><br><select id="plain-type" name="type"><option value="question">Question</option><option value="complaint">Complaint</option><option value="return">Return</option><option value="suggestion">Suggestion</option></select></p>
<p><label for="plain-subject">Subject</label><br><input id="plain-subject" name="subject" required maxlength="200"></p>
<p><label for="plain-description">Message</label><br><textarea id="plain-description" name="description" required maxlength="10000" rows="6"></textarea></p>
<p><button>Send</button></p>
</form>`
}

function recordShelf(): SafeHtml {
  return html`<section id="window" class="window" aria-labelledby="window-title">
<h2 id="window-title">New in this week</h2>
<ul>${shopWindow.map(
    ({ title, artist, price, sleeve }) =>
      html`<li>${sleeve}<h3>${title}</h3><p>${artist}</p><p class="price">${price}</p></li>`,
  )}</ul>
</section>`
}

function recipeSection(recipe: readonly RecipeStep[]): SafeHtml {
  return html`<section id="recipe" class="recipe" aria-labelledby="recipe-title">
<div class="recipe-intro">
<h2 id="recipe-title">From the shop’s login to the widget</h2>
<p>All of it, as it runs behind this page. The browser never says who somebody is: the shop’s session does, and the token lives five minutes.</p>
</div>
<ol>${recipe.map(
    ({ title, text, file, code }) =>
      html`<li><h3>${title}</h3><p>${text}</p><figure><figcaption>${file}</figcaption><pre tabindex="0" aria-label="${title}: code"><code>${code.split('\n').map((line, index) => html`${index > 0 && '\n'}${codeLine(line)}`)}</code></pre></figure></li>`,
  )}</ol>
</section>`
}

/** Comments quieter than code. */
function codeLine(line: string): SafeHtml {
  return /^\s*(\/\/|\/\*\*|\*)/.test(line) ? html`<span class="comment">${line}</span>` : html`${line}`
}

function lantern(): SafeHtml {
  return html`<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M12 5h8M16 5v3M10 27h12" class="lantern-line"/><rect x="8" y="8" width="16" height="17" rx="8" class="lantern-body"/><circle cx="16" cy="16.5" r="3.2" class="lantern-light"/></svg>`
}
