import '@rapport/widgets/define/all'
import { matrixCases, mountCase } from './matrix-cases.js'

// The page of all states. `?theme=dark&locale=zh&dir=rtl&tag=rapport-ticket-form` chooses what it shows.

const violations: string[] = []
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
})

const wish = new URLSearchParams(location.search)
const theme = wish.get('theme') ?? 'light'
document.documentElement.lang = wish.get('locale') ?? 'en'
document.documentElement.dir = wish.get('dir') ?? 'ltr'

// The page's own look goes the way of the elements, since its policy refuses everything else.
const sheet = new CSSStyleSheet()
sheet.replaceSync(`
  :root { color-scheme: ${theme === 'dark' ? 'dark' : 'light'}; background: light-dark(#eef0f4, #0c0e12); color: light-dark(#171b23, #e9ecf2) }
  body { margin: 0; padding: 32px; font: 13px/1.5 Inter, "Open Sans", system-ui, sans-serif }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr)); gap: 32px; align-items: start; max-inline-size: 1400px; margin-inline: auto }
  section:has(> rapport-customer-table), section:has(> rapport-customer-card) { grid-column: 1 / -1 }
  p { margin: 0 0 8px; opacity: .7 }
`)
document.adoptedStyleSheets = [sheet]

const main = document.createElement('main')
const title = document.createElement('h1')
title.textContent = `State matrix: ${theme}, ${document.documentElement.lang}`
document.body.append(title, main)

const tag = wish.get('tag')
const state = wish.get('state')
for (const each of matrixCases) {
  if ((tag && each.tag !== tag) || (state && each.state !== state)) continue
  const section = document.createElement('section')
  section.setAttribute('aria-label', `${each.tag} ${each.state}`)
  const caption = document.createElement('p')
  caption.textContent = `<${each.tag}> ${each.state}`
  section.append(caption)
  main.append(section)
  await mountCase(each, section)
}

// Reports are delivered as tasks of their own; the last ones are awaited.
await new Promise((resolve) => setTimeout(resolve, 50))
Object.assign(document.documentElement.dataset, { matrix: 'done', violations: JSON.stringify(violations) })
