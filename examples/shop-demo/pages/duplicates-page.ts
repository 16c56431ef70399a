import { type AdminFrame, adminShell, viewHead } from './admin-shell.js'
import { html } from './html.js'

/** `GET /admin/duplicates`: a scan, the pairs to review, and one of them side by side. */
export function duplicatesPage(frame: AdminFrame): Response {
  return adminShell({
    ...frame,
    title: 'Duplicates',
    script: 'admin-duplicates',
    current: '/admin/duplicates',
    content: html`<section aria-labelledby="duplicates-title">
${viewHead('duplicates-title', 'Duplicates', html`Customers who may be one person. Nothing is merged without you, and every merge can be <a href="/admin/merges">taken back</a>.`)}
<div class="refresh">
<label class="inline">Show pairs that are<select id="threshold"><option value="0.3">worth a look (from 30 %)</option><option value="0.8">likely (from 80 %)</option><option value="0.95">nearly certain (from 95 %)</option></select></label>
<button type="button" id="scan">Look for duplicates</button>
<progress id="scan-progress" aria-label="Customers compared" hidden></progress>
<p id="scan-status" role="status"></p>
</div>
<div class="desk">
<section class="desk-list" aria-labelledby="queue-title">
<h2 class="list-head" id="queue-title">To review</h2>
<ul id="pair-rows"></ul>
<p id="pair-status" role="status"></p>
</section>
<section id="pair" class="desk-conversation" aria-label="Pair" tabindex="-1"><p class="placeholder">Choose a pair to compare it.</p></section>
</div>
</section>`,
  })
}
