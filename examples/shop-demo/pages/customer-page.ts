import type { Contact } from '@rapport/core'
import { type AdminFrame, adminShell } from './admin-shell.js'
import { formatCount } from './formats.js'
import { html, type SafeHtml } from './html.js'

/** `GET /admin/customers/:id`: what a customer agreed to, and their data. */
export function customerPage(contact: Contact, frame: AdminFrame): Response {
  const name = contact.fullName ?? 'Erased customer'
  return adminShell({
    ...frame,
    title: name,
    script: 'admin-customer',
    content: html`<section aria-labelledby="customer-title" id="customer" data-contact="${contact.id}">
<div class="view-head">
<h1 id="customer-title">${name}</h1>
<p>${factsOf(contact)} <a href="/admin#customer=${contact.id}">Card</a></p>
</div>
<div class="steps">
<article class="sheet" aria-labelledby="consent-title">
<h2 id="consent-title">Consent</h2>
<p class="muted">For what, and through which channel. Statements are added and never changed: the newest counts, all of them are the proof.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="consent-title"><table class="consent"><thead id="consent-channels"></thead><tbody id="consent-rows"></tbody></table></div>
<div id="consent-detail" class="consent-detail" role="region" aria-label="Chosen consent"></div>
<p id="consent-problem" class="problem" role="alert"></p>
</article>
<article class="sheet" aria-labelledby="privacy-title">
<h2 id="privacy-title">Personal data</h2>
<p class="muted">Everything that is kept of this person, over all records and their history; and the end of it.</p>
<div class="actions">
<button type="button" id="export">Export everything</button>
<button type="button" class="danger" id="erase">Erase …</button>
</div>
<p id="privacy-status" role="status"></p>
<dialog id="erase-dialog" aria-labelledby="erase-title">
<form method="dialog">
<h2 id="erase-title">Erase ${name}?</h2>
<p>Names, addresses and texts go from every record, the journal and the search. Nothing brings them back, and an import with the same address is refused from now on.</p>
<fieldset><legend>What stays</legend>
<label><input type="radio" name="mode" value="anonymise" checked> Orders and counts, without the person</label>
<label><input type="radio" name="mode" value="delete"> Nothing that was theirs</label>
</fieldset>
<label class="stacked">Reason, for the record<input type="text" id="erase-reason" value="request of the person" required maxlength="200"></label>
<label><input type="checkbox" id="erase-sure"> I know that this cannot be undone</label>
<div class="actions"><button type="button" class="danger" id="erase-confirm" disabled>Erase</button><button value="cancel" id="erase-cancel" formnovalidate>Keep</button></div>
</form>
</dialog>
</article>
</div>
</section>`,
  })
}

function factsOf({ primaryEmail, primaryPhone, orderCount = 0 }: Contact): SafeHtml {
  const ways = [primaryEmail, primaryPhone].filter((way) => way !== undefined).join(' · ')
  return html`${ways}${ways && ' · '}<b>${formatCount(orderCount)}</b> ${orderCount === 1 ? 'order' : 'orders'}.`
}
