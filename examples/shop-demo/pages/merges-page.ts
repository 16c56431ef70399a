import type { MergeRecord } from '@rapport/core'
import { type AdminFrame, adminShell, viewHead } from './admin-shell.js'
import { formatMoment } from './formats.js'
import { html, type SafeHtml } from './html.js'

/** A merge, and what the customers in it are called. */
export interface NamedMerge {
  readonly merge: MergeRecord
  readonly survivor: string
  readonly merged: readonly string[]
}

const statusWords: Readonly<Record<MergeRecord['status'], string>> = {
  moving: 'being merged',
  completed: 'merged',
  reverting: 'being taken back',
  unmerged: 'taken back',
}

/** `GET /admin/merges`: what was merged into what, and taking it back. */
export function mergesPage(merges: readonly NamedMerge[], frame: AdminFrame): Response {
  return adminShell({
    ...frame,
    title: 'Merges',
    script: 'admin-merges',
    current: '/admin/merges',
    content: html`<section aria-labelledby="merges-title">
${viewHead('merges-title', 'Merges', 'Newest first. Taking one back restores both customers, field by field, and keeps what was changed since.')}
${
  merges.length === 0
    ? html`<p class="muted">None yet. <a href="/admin/duplicates">Look for duplicates</a> first.</p>`
    : html`<ul class="cards">${merges.map(mergeCard)}</ul>`
}
</section>`,
  })
}

function mergeCard({ merge, survivor, merged }: NamedMerge): SafeHtml {
  const { id, status, survivorId, completedAt, createdAt, createdBy, unmergedAt } = merge
  const by = createdBy?.name ?? 'the system'
  return html`<li class="sheet">
<h2>${merged.join(', ')} <span class="muted">became part of</span> <a href="/admin/customers/${survivorId}">${survivor}</a></h2>
<p class="muted"><span class="chip chip-${status === 'completed' ? 'resolved' : 'open'}">${statusWords[status]}</span> ${formatMoment(completedAt ?? createdAt)} by ${by}${unmergedAt !== undefined && html`, taken back ${formatMoment(unmergedAt)}`}</p>
<div class="merge-action">${status === 'completed' && html`<button type="button" data-merge="${id}" aria-label="Take back the merge of ${merged.join(', ')} into ${survivor}">Take back …</button>`}</div>
</li>
`
}
