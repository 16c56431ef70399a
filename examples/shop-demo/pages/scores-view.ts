import { RELATIONSHIP_STAGES } from '@rapport/core/scoring'
import type { RfmCell, ScoreFindings } from '../score-findings.js'
import { barTable } from './bar-table.js'
import { formatCount, formatDay, formatMoney, formatPercent } from './formats.js'
import { html, type SafeHtml } from './html.js'
import { trackingPlot } from './tracking-plot.js'

/** The scores of all customers in pictures, with a button that computes them again. */
export function scoresView(findings: ScoreFindings, asOf: string): SafeHtml {
  return html`<section id="scores-view" aria-labelledby="scores-title" hidden>
<div class="view-head">
<h1 id="scores-title">Scores</h1>
<p>All customers as of <b>${formatDay(asOf)}</b>, computed <b>${formatDay(findings.computedAt)}</b>.</p>
</div>
<div class="refresh">
<button type="button" id="refresh-scores" class="primary">Compute the scores again</button>
<progress id="scores-progress" max="1" aria-label="Scores computed" hidden></progress>
<p id="scores-status" role="status"></p>
</div>
<div class="models">
<article class="sheet wide">
<h2>Who bought when, and how often</h2>
<p class="muted">Recency and frequency in fifths. The stronger the colour, the more customers; a name is the segment.</p>
${rfmMatrix(findings.rfmMatrix)}
</article>
<article class="sheet wide">
<h2>Expected and actual purchases</h2>
<p class="muted">Repeat purchases of all customers since the first of them came. BG/NBD saw none of those right of the line.</p>
${trackingPlot(findings.tracking, findings.calibrationWeeks)}
</article>
<article class="sheet">
<h2>Customer lifetime value</h2>
<p class="muted">Of the next 12 months, by tenths of the customers.</p>
${valueBars(findings)}
</article>
<article class="sheet">
<h2>Relationships</h2>
<p class="muted">Where customers stand, by what they do.</p>
${countBars('Stage', RELATIONSHIP_STAGES, findings.relationship, findings.customers)}
<h3>Risk of leaving</h3>
${countBars('Risk', ['low', 'medium', 'high'], findings.churn, findings.customers)}
</article>
<article class="sheet wide">
<h2>Groups of customers who are alike</h2>
<p class="muted">Found by k-means in recency, frequency and spend; told by their typical member.</p>
${groupsTable(findings)}
</article>
</div>
</section>`
}

/** Rows from the most recent down, so that the best customers are top right. */
function rfmMatrix(matrix: ScoreFindings['rfmMatrix']): SafeHtml {
  const scores = matrix.map((_, index) => index + 1)
  const most = Math.max(1, ...matrix.flat().map(({ customers }) => customers))
  return html`<div class="scroll" tabindex="0" role="region" aria-label="RFM matrix"><table class="matrix">
<caption class="hidden">Customers by recency score (rows) and frequency score (columns)</caption>
<thead><tr><td></td>${scores.map((score) => html`<th scope="col">Frequency ${score}</th>`)}</tr></thead>
<tbody>${scores
    .toReversed()
    .map(
      (score) =>
        html`<tr><th scope="row">Recency ${score}</th>${(matrix[score - 1] ?? []).map((cell) => matrixCell(cell, most))}</tr>`,
    )}</tbody>
</table></div>`
}

/** Shades go by the square root, so that small cells still differ. */
function matrixCell({ customers, segment }: RfmCell, most: number): SafeHtml {
  if (segment === undefined) return html`<td class="heat-0"><span class="hidden">nobody</span></td>`
  const shade = Math.max(1, Math.ceil(Math.sqrt(customers / most) * 5))
  return html`<td class="heat-${shade}"><b>${formatCount(customers)}</b><small>${wordsOf(segment)}</small></td>`
}

function valueBars({ lifetimeValueDeciles }: ScoreFindings): SafeHtml {
  const total = lifetimeValueDeciles.reduce((sum, { valueMinor }) => sum + valueMinor, 0)
  return barTable(
    ['Tenth', 'Share', 'Value'],
    lifetimeValueDeciles.map(({ valueMinor }, index) => ({
      name: index === 0 ? '1 (best)' : String(index + 1),
      size: valueMinor,
      share: formatPercent(valueMinor / Math.max(1, total)),
      shown: formatMoney({ amountMinor: valueMinor, currency: 'USD' }, { cents: false }),
    })),
  )
}

/** In the order of the names: the database keeps none. */
function countBars(
  what: string,
  names: readonly string[],
  counts: Readonly<Record<string, number>>,
  customers: number,
): SafeHtml {
  return barTable(
    [what, 'Share', 'Customers'],
    names.map((name) => ({
      name: wordsOf(name),
      size: counts[name] ?? 0,
      share: formatPercent((counts[name] ?? 0) / customers),
      shown: formatCount(counts[name] ?? 0),
    })),
  )
}

function groupsTable({ groups }: ScoreFindings): SafeHtml {
  return html`<table class="groups">
<thead><tr><th scope="col">Group</th><th scope="col">Customers</th><th scope="col">Purchases</th><th scope="col">Spent</th><th scope="col">Weeks since the last</th></tr></thead>
<tbody>${groups.map(
    ({ customers, typical }, index) =>
      html`<tr><th scope="row">Group ${index + 1}</th><td>${formatCount(customers)}</td><td>${typical.frequency.toFixed(1)}</td><td>${formatMoney({ amountMinor: Math.round(typical.monetary * 100), currency: 'USD' }, { cents: false })}</td><td>${typical.recency.toFixed(1)}</td></tr>`,
  )}</tbody>
</table>`
}

/** `about_to_sleep` as `About to sleep`. */
function wordsOf(code: string): string {
  const text = code.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
