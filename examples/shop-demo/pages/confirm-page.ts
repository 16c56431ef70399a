import { html } from './html.js'
import { pageAnswer } from './page-answer.js'

/** `GET /consent/confirm`: where the link of a double opt-in leads. Following it says nothing yet, since mail programs follow links too. */
export function confirmPage(token: string): Response {
  return pageAnswer({
    title: 'Confirm your newsletter – Lantern Records',
    look: 'admin',
    body: html`<main class="letter"><h1>One more click</h1>
<p>Somebody, we hope you, asked us to write to this address.</p>
<form method="post" action="/consent/confirm"><input type="hidden" name="token" value="${token}"><button type="submit" class="primary">Yes, write to me</button></form>
<p><a href="/">To the shop</a></p></main>`,
  })
}

/** The answer to the confirmation. */
export function confirmedPage(): Response {
  return pageAnswer({
    title: 'Confirmed – Lantern Records',
    look: 'admin',
    body: html`<main class="letter"><h1>Thank you</h1><p>It is confirmed. You can take it back whenever you like.</p><p><a href="/">To the shop</a></p></main>`,
  })
}
