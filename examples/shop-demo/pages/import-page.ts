import { type AdminFrame, adminShell, viewHead } from './admin-shell.js'
import { html } from './html.js'

/** Files that come with the demo, so that there is something to import. */
export const sampleFiles = [
  {
    name: 'record-fair.csv',
    title: 'Sign-up list of a record fair',
    note: 'English, semicolons, dates with the day first',
  },
  { name: 'wechat-group.csv', title: 'Members of a WeChat group', note: 'Chinese, GB18030, tabs, full-width digits' },
] as const

/** `GET /admin/import`: a file, where its columns go, a trial, the import, and what became of it. */
export function importPage(frame: AdminFrame): Response {
  return adminShell({
    ...frame,
    title: 'Import',
    script: 'admin-import',
    current: '/admin/import',
    content: html`<section aria-labelledby="import-title">
${viewHead('import-title', 'Import', 'Customers from a file: CSV in any everyday encoding, XLSX or JSON lines. Every import can be taken back.')}
<div class="steps">
<article class="sheet" aria-labelledby="file-title">
<h2 id="file-title">1. Choose a file</h2>
<ul class="choices">
${sampleFiles.map(
  ({ name, title, note }) =>
    html`<li><button type="button" class="choice" data-sample="${name}" aria-pressed="false"><b>${title}</b><small>${note}</small></button><a href="/assets/${name}" download aria-label="${name}: download">${name}</a></li>
`,
)}<li><label class="choice"><b>A file of yours</b><small>It stays on this machine.</small><input type="file" id="own-file" accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson"></label></li>
</ul>
<p id="file-facts" role="status"></p>
</article>
<article class="sheet" id="mapping-step" aria-labelledby="mapping-title" hidden>
<h2 id="mapping-title">2. Say where the columns go</h2>
<p class="muted">Suggested from the headings and the first hundred rows. A column without a field is left out.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="mapping-title"><table class="mapping" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Column</th><th scope="col" role="columnheader">First values</th><th scope="col" role="columnheader">Goes to</th><th scope="col" role="columnheader">Read as</th><th scope="col" role="columnheader">Suggested because</th></tr></thead><tbody id="mapping-rows" role="rowgroup"></tbody></table></div>
<div class="fields">
<label>Which customer a row means<select id="match-on"><option value="email">The one with its e-mail address</option><option value="">Always a new one</option></select></label>
<label>What to do<select id="mode"><option value="createAndUpdate">Add new and update known customers</option><option value="create">Add new customers only</option><option value="update">Update known customers only</option></select></label>
<div class="actions"><button type="button" id="try">Try it</button><button type="button" class="primary" id="start" disabled>Import</button></div>
</div>
<p id="mapping-problem" class="problem" role="alert"></p>
</article>
<article class="sheet" id="outcome-step" aria-labelledby="outcome-title" hidden>
<h2 id="outcome-title">3. What becomes of the rows</h2>
<p id="outcome-status" role="status"></p>
<progress id="import-progress" aria-label="Rows imported" hidden></progress>
<dl class="tiles" id="outcome-counts"></dl>
<div id="outcome-errors"></div>
<div class="actions" id="outcome-actions"></div>
</article>
<article class="sheet" aria-labelledby="earlier-title">
<h2 id="earlier-title">Earlier imports</h2>
<div id="earlier-imports"></div>
</article>
</div>
</section>`,
  })
}
