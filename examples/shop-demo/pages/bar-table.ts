import { html, type SafeHtml } from './html.js'

/** A row of a {@link barTable}. */
export interface Bar {
  readonly name: string
  /** What the length of the bar stands for, from 0. */
  readonly size: number
  /** What the bar is called for whoever cannot see it. */
  readonly share: string
  /** The number beside the bar. */
  readonly shown: string
}

/** A table whose rows have a bar each: names, bars, numbers, under headings that only screen readers are told. */
export function barTable(headings: readonly [string, string, string], bars: readonly Bar[]): SafeHtml {
  const largest = Math.max(1e-9, ...bars.map(({ size }) => size))
  return html`<table class="bars">
<thead class="hidden"><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${bars.map(
    ({ name, size, share, shown }) =>
      html`<tr><th scope="row">${name}</th><td><svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${share}"><rect width="100" height="8" rx="1.5" class="bar-rest"/><rect width="${((size / largest) * 100).toFixed(1)}" height="8" rx="1.5" class="bar"/></svg></td><td>${shown}</td></tr>`,
  )}</tbody>
</table>`
}
