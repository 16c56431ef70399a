import { formatCount } from './formats.js'
import { html, type SafeHtml } from './html.js'
import { type IconName, icon } from './icons.js'
import { pageAnswer } from './page-answer.js'

/** What every page of the back office shows around its content. */
export interface AdminFrame {
  readonly memberName: string
  readonly openTickets: number
}

/** One page of the back office. */
export interface AdminShellOptions extends AdminFrame {
  readonly title: string
  /** Name of the module that makes the page work. */
  readonly script: string
  /** Address of the page's own entry in the sidebar. */
  readonly current?: string
  /** For the page's module. */
  readonly asOf?: string
  readonly content: SafeHtml
}

interface Entry {
  readonly href: string
  readonly icon: IconName
  readonly text: string
  /** Part of the first page that the entry leads to. */
  readonly view?: string
}

const entries: readonly Entry[] = [
  { href: '/admin#customers', icon: 'people', text: 'Customers', view: 'customers' },
  { href: '/admin#tickets', icon: 'chat', text: 'Tickets', view: 'tickets' },
  { href: '/admin#scores', icon: 'grid', text: 'Scores', view: 'scores' },
  { href: '/admin/import', icon: 'upload', text: 'Import' },
  { href: '/admin/duplicates', icon: 'pair', text: 'Duplicates' },
  { href: '/admin/merges', icon: 'merge', text: 'Merges' },
  { href: '/admin#models', icon: 'chart', text: 'Models and data', view: 'models' },
]

/** A page of the back office: the sidebar and the content. */
export function adminShell(options: AdminShellOptions): Response {
  const { title, script, content, asOf } = options
  const body = html`<a class="skip" href="#main">Skip to the content</a>
<div class="shell">
${sidebar(options)}
<main id="main" tabindex="-1"${asOf && html` data-as-of="${asOf}"`}>
<noscript><p>The back office needs JavaScript; the storefront does not.</p></noscript>
${content}
</main>
</div>`
  return pageAnswer({ title: `${title} – Lantern Records`, look: 'admin', script, body })
}

/** The head of a page or of a part of it. */
export function viewHead(id: string, title: string, text: SafeHtml | string): SafeHtml {
  return html`<div class="view-head">
<h1 id="${id}">${title}</h1>
<p>${text}</p>
</div>`
}

function sidebar({ memberName, openTickets, current }: AdminShellOptions): SafeHtml {
  return html`<header class="sidebar">
<a class="brand" href="/admin">
<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" class="brand-tile"/><path d="M9 22V11.5A2.5 2.5 0 0 1 11.5 9h6a4.25 4.25 0 0 1 0 8.5H9m8.5 0L22.5 23" class="brand-line"/></svg>
<span><b>Rapport</b><small>Lantern Records</small></span>
</a>
<nav aria-label="Back office">
${entries.map(
  ({ href, icon: name, text, view }) =>
    html`<a href="${href}"${view && html` data-view="${view}"`}${current === href && html` aria-current="page"`}>${icon(name)}<span>${text}</span>${view === 'tickets' && html`<span class="badge" id="open-tickets"><span class="hidden">open: </span>${formatCount(openTickets)}</span>`}</a>
`,
)}</nav>
<div class="sidebar-foot">
<a href="/">${icon('shop')}<span>Storefront</span></a>
<button type="button" id="theme" aria-pressed="false">${icon('moon')}<span>Dark theme</span></button>
<p class="member"><span class="initials" aria-hidden="true">${initialsOf(memberName)}</span><span><b>${memberName}</b><small>demo member</small></span></p>
</div>
</header>`
}

function initialsOf(name: string): string {
  return name
    .split(' ')
    .map((word) => word.charAt(0))
    .join('')
}
