import { html, type SafeHtml } from './html.js'

const outlines = {
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM3 19.5a6 6 0 0 1 12 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.2a6 6 0 0 1 3.5 5.3',
  chat: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
  chart: 'M4 20V4M4 20h16M8 16l4-5 3 3 5-7',
  grid: 'M4 4h7v7H4ZM13 4h7v7h-7ZM4 13h7v7H4ZM13 13h7v7h-7Z',
  upload: 'M12 15V4M8 8l4-4 4 4M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4',
  pair: 'M4 4h9v9H4ZM11 11h9v9h-9Z',
  merge: 'M6 4v4a6 6 0 0 0 6 6m6-10v4a6 6 0 0 1-6 6m0 0v6M9 17l3 3 3-3',
  shop: 'M4 9l1.5-4.5h13L20 9M5 11v8.5h14V11M4 9a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0A2.7 2.7 0 0 0 20 9',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  close: 'M6 6l12 12M18 6L6 18',
} as const

/** Name of a drawing. */
export type IconName = keyof typeof outlines

/** A drawing beside a text that says the same. */
export function icon(name: IconName): SafeHtml {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${outlines[name]}"/></svg>`
}
