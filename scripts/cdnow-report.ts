import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import published from '../packages/core/src/scoring/reference-data/cdnow-reference.json' with { type: 'json' }
import publishedPareto from '../packages/core/src/scoring/reference-data/pareto-nbd-reference.json' with {
  type: 'json',
}
import { type CdnowFigures, cdnowFigures, type ExplainedCustomer, total } from './cdnow-figures.js'
import { cdnowTrackingPlot } from './cdnow-tracking-plot.js'
import { decimal, dollars, grouped, percent, signedPercent, table } from './report-text.js'
import { root } from './workspace.mjs'

/** Where the report is written, below the root of the repository. */
export const REPORT_FILES = { markdown: 'docs/scoring/cdnow.md', svg: 'docs/images/cdnow-tracking.svg' } as const

const MODEL_NAMES: Readonly<Record<string, string>> = {
  bg_nbd: 'BG/NBD',
  mbg_nbd: 'MBG/NBD',
  pareto_nbd: 'Pareto/NBD',
}

/** The report on CDNOW, as a page and its picture, from the text of `cdnow_sample.csv`. */
export function cdnowReport(csvText: string): { markdown: string; svg: string } {
  const figures = cdnowFigures(csvText)
  const calibrationEnd = Math.max(...figures.summary.age)
  const sections = [introduction, fits, tracking, conditionalExpectations, lifetimeValue, segments, reasons]
  return {
    markdown: `${sections.map((section) => section(figures)).join('\n\n')}\n`,
    svg: cdnowTrackingPlot(figures.tracking.bgNbd, figures.tracking.paretoNbd, calibrationEnd),
  }
}

function introduction({ transactions, summary, holdout }: CdnowFigures): string {
  const repeaters = summary.frequency.filter((x) => x > 0).length
  return `# The scores on CDNOW, beside the papers

<!-- Written by \`npm run docs:cdnow\`; edit scripts/cdnow-report.ts instead. -->

Every number on this page is computed by \`@rapport/core/scoring\` from the
[CDNOW sample](../../examples/shop-demo/data/ORIGIN.md): ${grouped(transactions)} purchases of ${grouped(summary.frequency.length)} customers who bought first in
January to March 1997. \`npm run docs:cdnow\` writes it, and a test fails when it no longer says what the code computes.
[The models](./models.md) have their formulas, ranges and limits on a page of their own.

The papers: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, *Marketing Science* 24(2), 275-284
(BG/NBD, and Pareto/NBD for comparison); Batislam, Denizel & Filiztekin (2007), *IJRM* 24(3) (MBG/NBD); Fader & Hardie
(2013), note 025 (Gamma-Gamma); Fader, Hardie & Lee (2005), *Journal of Marketing Research* 42(4), 415-430 (lifetime value).

| | |
|---|---|
| calibration | 1 January to 30 September 1997; T runs from ${decimal(Math.min(...summary.age), 2)} to ${decimal(Math.max(...summary.age), 2)} weeks |
| holdout | 1 October 1997 to 30 June 1998, ${decimal(holdout.duration, 0)} weeks |
| purchase | a day with at least one purchase; a week is 7 days |
| repeat purchases in calibration | ${grouped(total(summary.frequency))}, by ${grouped(repeaters)} customers |
| purchases in the holdout | ${grouped(total(holdout.frequency))} |

\`\`\`ts
import { fitBgNbd, summarizeTransactions, type Transaction } from '@rapport/core/scoring'

export function fitCdnow(log: Transaction[]) {
  const summary = summarizeTransactions(log, {
    unit: 'week',
    observationEnd: '1998-06-30',
    calibrationEnd: '1997-09-30',
  })
  return fitBgNbd(summary)
}
\`\`\``
}

function fits({ fits: { bgNbd, mbgNbd, paretoNbd, gammaGamma }, spendCorrelation }: CdnowFigures): string {
  const { BG_NBD_cdnow: bg, MBG_NBD_cdnow: mbg, GAMMA_GAMMA_cdnow: spend } = published.published
  const { PARETO_NBD_cdnow: pareto } = publishedPareto.published
  const paper = 'Fader, Hardie & Lee 2005'
  const rows = [
    ...parameterRows('BG/NBD', bg.params, 3, { ...bgNbd.params }, { ...bgNbd.standardErrors }, paper),
    ['BG/NBD', 'LL', decimal(bg.log_likelihood, 1), decimal(bgNbd.logLikelihood, 3), '', paper],
    ...parameterRows('Pareto/NBD', pareto.params, 3, { ...paretoNbd.params }, { ...paretoNbd.standardErrors }, paper),
    ['Pareto/NBD', 'LL', decimal(pareto.log_likelihood, 1), decimal(paretoNbd.logLikelihood, 3), '', paper],
    ...parameterRows(
      'MBG/NBD',
      mbg.params,
      3,
      { ...mbgNbd.params },
      { ...mbgNbd.standardErrors },
      'tests of BTYDplus and lifetimes',
    ),
    ['MBG/NBD', 'LL', '', decimal(mbgNbd.logLikelihood, 3), '', ''],
    ...parameterRows(
      'Gamma-Gamma',
      spend.params,
      2,
      { ...gammaGamma.params },
      { ...gammaGamma.standardErrors },
      'note 025',
    ),
    ['Gamma-Gamma', 'LL', '', decimal(gammaGamma.logLikelihood, 3), '', ''],
  ]
  return `## Fit

Maximum likelihood, time in weeks, money in US dollars. LL is the natural logarithm, total over customers.

${table(['model', 'parameter', 'published', 'here', 'standard error', 'source of the published value'], rows, '--rrr-')}

Gamma-Gamma takes spend and frequency to be independent: over the customers with a repeat purchase they correlate by
${decimal(spendCorrelation ?? Number.NaN, 3)} (Pearson). The Pareto/NBD parameters s and β lie on a flat ridge, as their standard errors say.`
}

function tracking({ tracking: { bgNbd, paretoNbd } }: CdnowFigures): string {
  const weeks = [13, 26, 39, 52, 65, 78].filter((week) => week <= bgNbd.end.length)
  const rows = weeks.map((week) => {
    const actual = bgNbd.cumulativeActual[week - 1]!
    const expected = [bgNbd, paretoNbd].map(({ cumulativeExpected }) => cumulativeExpected[week - 1]!)
    return [
      String(week),
      grouped(actual),
      ...expected.flatMap((value) => [grouped(value, 1), signedPercent(value / actual - 1)]),
    ]
  })
  return `## Tracking

Repeat purchases of the whole sample, beside what each model expects of customers who came when these came (the tracking
plots of Fader, Hardie & Lee 2005). The models saw nothing to the right of the dotted line.

![Cumulative repeat purchases by week: actual, BG/NBD and Pareto/NBD](../images/cdnow-tracking.svg)

${table(['week', 'actual', 'BG/NBD', 'off by', 'Pareto/NBD', 'off by'], rows, 'rrrrrr')}`
}

function conditionalExpectations({ byFrequency: { bgNbd, mbgNbd, paretoNbd }, holdout }: CdnowFigures): string {
  const last = bgNbd.purchases.length - 1
  const rows = Array.from(bgNbd.purchases, (x, i) => [
    i === last ? `${x} and more` : String(x),
    grouped(bgNbd.customers[i]!),
    ...[bgNbd.actual, bgNbd.expected, mbgNbd.expected, paretoNbd.expected].map((means) => decimal(means[i]!, 3)),
  ])
  const overall = (means: Float64Array): number => total(means.map((mean, i) => mean * bgNbd.customers[i]!))
  const customers = total(bgNbd.customers)
  const models = [bgNbd, mbgNbd, paretoNbd]
  rows.push([
    'all, total',
    grouped(customers),
    grouped(overall(bgNbd.actual)),
    ...models.map(({ expected }) => grouped(overall(expected), 1)),
  ])
  rows.push([
    'mean absolute error',
    '',
    '',
    ...models.map(({ absoluteError }) => decimal(overall(absoluteError) / customers, 4)),
  ])
  return `## Conditional expectations by past frequency

Mean purchases per customer in the ${decimal(holdout.duration, 0)} weeks of the holdout, by repeat purchases in the calibration. The error is that of
the single prediction, averaged over customers.

${table(['x', 'customers', 'actual', 'BG/NBD', 'MBG/NBD', 'Pareto/NBD'], rows, '-rrrrr')}

In total BG/NBD is off by ${signedPercent(overall(bgNbd.expected) / overall(bgNbd.actual) - 1)}, MBG/NBD by ${signedPercent(overall(mbgNbd.expected) / overall(mbgNbd.actual) - 1)}, Pareto/NBD by ${signedPercent(overall(paretoNbd.expected) / overall(paretoNbd.actual) - 1)}.`
}

function lifetimeValue({ deciles, totalValue }: CdnowFigures): string {
  let soFar = 0
  const rows = deciles.map(({ customers, value, spendAfter }, decile) => {
    soFar += value
    return [
      String(decile + 1),
      grouped(customers),
      dollars(value),
      percent(value / totalValue.month),
      percent(soFar / totalValue.month),
      dollars(value / customers),
      dollars(spendAfter),
    ]
  })
  const sums = (['customers', 'value', 'spendAfter'] as const).map((name) =>
    deciles.reduce((sum, decile) => sum + decile[name], 0),
  )
  const [customers = 0, value = 0, spendAfter = 0] = sums
  rows.push(['all', grouped(customers), dollars(value), '100.0 %', '', dollars(value / customers), dollars(spendAfter)])
  return `## Lifetime value by decile

The next 12 months from 30 September 1997 by BG/NBD and Gamma-Gamma, discounted by 1 % a month, as revenue; a month is
30.4375 days. Decile 1 holds the tenth of the customers with the highest value. The last column is what they went on to
spend in the nine months that the log still covers, not discounted.

${table(['decile', 'customers', 'value', 'share', 'cumulative', 'per customer', 'spent in the holdout'], rows, 'rrrrrrr')}

With the month of the Python package lifetimes, 4.345 weeks, the sum is ${dollars(totalValue.lifetimesMonth)}.`
}

function segments({ segments: all, summary }: CdnowFigures): string {
  const customers = summary.frequency.length
  const spend = total(summary.totalSpend ?? new Float64Array(0))
  const rows = all.map((segment) => [
    `\`${segment.name}\``,
    grouped(segment.customers),
    percent(segment.customers / customers),
    dollars(segment.spend),
    percent(segment.spend / spend),
    decimal(segment.purchasesAfter / segment.customers, 3),
    dollars(segment.spendAfter / segment.customers),
  ])
  const columns = ['segment', 'customers', 'share', 'spend', 'share of spend', 'purchases after', 'spend after']
  return `## RFM segments

Recency, frequency and total spend at the end of calibration, scored 1 to 5 at type-7 quantiles with ties together
(Hughes 1994; Bult & Wansbeek 1995). Segments come from the recency and frequency scores. More than half of the
customers bought once, so some cells are empty. The last two columns are means per customer in the holdout.

${table(columns, rows, '-rrrrrr')}`
}

function reasons({ explained: { workedExample, lost, boughtOnce } }: CdnowFigures): string {
  const { expected } = published.published.BG_NBD_conditional
  return `## Reasons of three customers

Reasons are codes with evidence, which widgets put into the reader's language. Times are in weeks, money in US dollars.

${customer(
  workedExample,
  `The worked example of Hardie's note 004, which expects ${decimal(expected, 3)} purchases in the next 39 weeks.`,
)}

${customer(lost, 'The customer with the most repeat purchases of those whom BG/NBD gives a P(alive) below 5 %.')}

${customer(
  boughtOnce,
  'Bought once: BG/NBD takes everybody with a single purchase for alive, by construction. MBG/NBD does not.',
)}`
}

function customer(one: ExplainedCustomer, why: string): string {
  const predictions = one.predictions.map(({ model, alive, expected }) => [
    MODEL_NAMES[model] ?? model,
    decimal(alive, 4),
    decimal(expected, 3),
  ])
  const evidence = (facts: Readonly<Record<string, number | string>>): string =>
    Object.entries(facts)
      .map(
        ([name, value]) => `${name} ${typeof value === 'number' ? String(Number(value.toFixed(2))) : `\`${value}\``}`,
      )
      .join(', ')
  const rows = one.reasons.map(({ what, effect, evidence: facts }) => [`\`${what}\``, effect, evidence(facts)])
  return `### Customer ${one.customerId}

${why}
x = ${one.frequency}, t_x = ${decimal(one.recency, 2)}, T = ${decimal(one.age, 2)}; segment \`${one.segment}\`; expected spend per purchase ${dollars(one.spend)};
lifetime value ${dollars(one.lifetimeValue)}; purchases in the holdout: ${one.actual}.

${table(['model', 'P(alive)', 'expected in the holdout'], predictions, '-rr')}

${table(['reason', 'effect', 'evidence'], rows, '---')}`
}

function parameterRows(
  model: string,
  printed: Readonly<Record<string, number>>,
  digits: number,
  params: Readonly<Record<string, number>>,
  errors: Readonly<Record<string, number>>,
  source: string,
): string[][] {
  return Object.entries(printed).map(([name, value]) => [
    model,
    name,
    decimal(value, digits),
    decimal(params[name]!, digits + 2),
    decimal(errors[name]!, digits + 1),
    source,
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = cdnowReport(readFileSync(join(root, 'examples/shop-demo/data/cdnow_sample.csv'), 'utf8'))
  writeFileSync(join(root, REPORT_FILES.markdown), report.markdown)
  writeFileSync(join(root, REPORT_FILES.svg), report.svg)
}
