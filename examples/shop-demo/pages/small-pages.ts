import { html } from './html.js'
import { pageAnswer } from './page-answer.js'

/** What visitors see while the first start is still importing; the browser asks again by itself. */
export function startingPage(): Response {
  return pageAnswer({
    title: 'Getting ready',
    status: 503,
    headers: { 'retry-after': '2', refresh: '2' },
    body: html`<main><h1>Getting ready</h1><p>The demo is importing its customers. The terminal shows how far it is; this page comes back by itself.</p></main>`,
  })
}

/** A page for what is not there or not allowed. */
export function refusalPage(status: number, title: string, text: string): Response {
  return pageAnswer({
    title,
    status,
    body: html`<main><h1>${title}</h1><p>${text}</p><p><a href="/">To the shop</a></p></main>`,
  })
}
