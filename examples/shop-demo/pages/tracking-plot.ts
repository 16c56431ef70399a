import type { PurchaseTracking } from '@rapport/core/scoring'
import { formatCount } from './formats.js'
import { html, type SafeHtml } from './html.js'

const width = 720
const height = 300
const plot = { left: 52, right: 612, top: 14, bottom: 262 }
const weeksPerQuarter = 13

/**
 * The tracking plot of Fader, Hardie & Lee (2005): cumulative repeat purchases by week, actual beside expected, as a picture, and by
 * quarters as a table for whoever prefers numbers.
 */
export function trackingPlot(tracking: PurchaseTracking, calibrationWeeks: number): SafeHtml {
  const { cumulativeActual: actual, cumulativeExpected: expected } = tracking
  const weeks = actual.length
  const ceiling = Math.ceil(Math.max(actual.at(-1) ?? 0, expected.at(-1) ?? 0, 1) / 1_000) * 1_000
  const x = (week: number): number => plot.left + ((plot.right - plot.left) * week) / weeks
  const y = (purchases: number): number => plot.bottom - ((plot.bottom - plot.top) * purchases) / ceiling
  const rows = Array.from({ length: ceiling / 1_000 + 1 }, (_, index) => index * 1_000)
  const quarters = Array.from(
    { length: Math.floor(weeks / weeksPerQuarter) },
    (_, index) => (index + 1) * weeksPerQuarter,
  )
  const ends = endsOf(y(actual.at(-1) ?? 0), y(expected.at(-1) ?? 0))
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="tracking-name">
<title id="tracking-name">Cumulative repeat purchases over ${weeks} weeks: ${formatCount(actual.at(-1) ?? 0)} in fact, ${formatCount(expected.at(-1) ?? 0)} expected</title>
${rows.map((mark) => html`<path class="plot-grid" d="M${plot.left} ${y(mark).toFixed(1)}H${plot.right}"/><text x="${plot.left - 8}" y="${(y(mark) + 4).toFixed(1)}" class="plot-end">${formatCount(mark)}</text>`)}
${[0, ...quarters].map((week) => html`<text x="${x(week).toFixed(1)}" y="${plot.bottom + 20}" class="plot-middle">${week}</text>`)}
<text x="${(plot.left + plot.right) / 2}" y="${height - 2}" class="plot-middle">Weeks</text>
<path class="plot-split" d="M${x(calibrationWeeks).toFixed(1)} ${plot.top}V${plot.bottom}"/>
<path class="plot-line plot-actual" d="${pathOf(actual, x, y)}"/>
<path class="plot-line plot-expected" d="${pathOf(expected, x, y)}"/>
<text x="${plot.right + 8}" y="${ends.actual.toFixed(1)}" class="plot-label-actual">Actual ${formatCount(actual.at(-1) ?? 0)}</text>
<text x="${plot.right + 8}" y="${ends.expected.toFixed(1)}" class="plot-label-expected">Expected ${formatCount(expected.at(-1) ?? 0)}</text>
</svg>
<details><summary>The same in numbers</summary>
<table>
<thead><tr><th scope="col">Week</th><th scope="col">Actual</th><th scope="col">Expected</th></tr></thead>
<tbody>${quarters.map((week) => html`<tr><th scope="row">${week}</th><td>${formatCount(actual[week - 1] ?? 0)}</td><td data-expected="${week}">${formatCount(expected[week - 1] ?? 0)}</td></tr>`)}</tbody>
</table></details>`
}

function pathOf(values: Float64Array, x: (week: number) => number, y: (purchases: number) => number): string {
  const points = Array.from(values, (value, week) => `L${x(week + 1).toFixed(1)} ${y(value).toFixed(1)}`)
  return `M${x(0).toFixed(1)} ${y(0).toFixed(1)}${points.join('')}`
}

/** Where the names of the lines stand: beside their ends, but never on each other. */
function endsOf(actual: number, expected: number): { readonly actual: number; readonly expected: number } {
  const apart = 18
  const shift = Math.max(0, apart - Math.abs(actual - expected)) / 2
  const up = actual <= expected ? -1 : 1
  return { actual: actual + 4 + up * shift, expected: expected + 4 - up * shift }
}
