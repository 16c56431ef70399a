import { html, type SafeHtml } from './html.js'

/** A record that the shop has in its window. Title, artist and sleeve are invented. */
export interface ShopRecord {
  readonly title: string
  readonly artist: string
  readonly price: string
  readonly sleeve: SafeHtml
}

/** The shop window. Sleeves are drawn, so the page loads no image. */
export const shopWindow: readonly ShopRecord[] = [
  {
    title: 'Slow Weather',
    artist: 'The Harbour Quartet',
    price: '$24',
    sleeve: sleeve(
      '#1f3a4d',
      html`<g fill="none" stroke="#f2c14e" stroke-width="5">${[18, 32, 46, 60, 74].map((y, index) => html`<path d="M-5 ${y}q15 ${-10 + index * 3} 30 0t30 0 30 0 30 0"/>`)}</g><circle cx="76" cy="24" r="11" fill="#f25f3a"/>`,
    ),
  },
  {
    title: 'Paper Lanterns',
    artist: 'Inés Aurel',
    price: '$21',
    sleeve: sleeve(
      '#efe3cf',
      html`<g fill="#c8452d"><circle cx="30" cy="38" r="17"/><circle cx="66" cy="28" r="11"/><circle cx="72" cy="66" r="20"/></g><g stroke="#3b2a22" stroke-width="1.6"><path d="M30 0v21M66 0v17M72 0v46"/></g>`,
    ),
  },
  {
    title: 'Night Bus Home',
    artist: 'Cassette Club',
    price: '$19',
    sleeve: sleeve(
      '#2a1f3d',
      html`<g fill="#f4a259">${[12, 32, 52, 72].map((x) => html`<rect x="${x}" y="44" width="15" height="20" rx="3"/>`)}</g><path d="M0 78h100" stroke="#8a6fd1" stroke-width="5" stroke-dasharray="14 8"/><circle cx="80" cy="20" r="9" fill="#efe3cf"/>`,
    ),
  },
  {
    title: 'Field Recordings',
    artist: 'Mossgrove',
    price: '$27',
    sleeve: sleeve(
      '#dfe6d3',
      html`<g fill="#3f6b4f"><path d="M0 100V66q25-22 50 0t50-4v38z"/></g><g fill="#86a873"><path d="M0 100V82q30-16 55-2t45-6v26z"/></g><circle cx="26" cy="28" r="12" fill="#f2c14e"/>`,
    ),
  },
  {
    title: 'Half Speed',
    artist: 'Ode & Ore',
    price: '$32',
    sleeve: sleeve(
      '#f25f3a',
      html`<g fill="none" stroke="#fff4e4" stroke-width="2.4">${[8, 15, 22, 29, 36].map((r) => html`<circle cx="50" cy="50" r="${r}"/>`)}</g><circle cx="50" cy="50" r="4" fill="#2a1f3d"/>`,
    ),
  },
  {
    title: 'Numbers Station',
    artist: 'Vera Kestrel',
    price: '$22',
    sleeve: sleeve(
      '#d9e4ea',
      html`<g fill="#1f3a4d">${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => html`<rect x="${8 + index * 8.6}" y="${[50, 30, 42, 18, 56, 36, 26, 48, 34, 54][index]}" width="5" height="${[20, 52, 30, 70, 12, 44, 58, 24, 46, 16][index]}" rx="2.5"/>`)}</g>`,
    ),
  },
]

/** A record on its way out of its sleeve, for the top of the page. */
export const recordAndSleeve: SafeHtml = html`<svg viewBox="0 0 300 168" aria-hidden="true">
<circle cx="196" cy="84" r="78" fill="#1c1512"/><g fill="none" stroke="#3c302a" stroke-width="1.2">${[72, 65, 58, 51, 44, 37].map((r) => html`<circle cx="196" cy="84" r="${r}"/>`)}</g>
<circle cx="196" cy="84" r="27" fill="#f2c14e"/><circle cx="196" cy="84" r="4" fill="#1c1512"/>
<rect x="4" y="4" width="160" height="160" rx="5" fill="#a63a1a"/><g fill="none" stroke="#f7d9b8" stroke-width="5">${[40, 62, 84, 106, 128].map((y, index) => html`<path d="M4 ${y}q20 ${-14 + index * 6} 40 0t40 0 40 0 40 0"/>`)}</g><circle cx="126" cy="40" r="15" fill="#f2c14e"/>
</svg>`

function sleeve(ground: string, drawing: SafeHtml): SafeHtml {
  return html`<svg viewBox="0 0 100 100" aria-hidden="true"><rect width="100" height="100" fill="${ground}"/>${drawing}</svg>`
}
