import { expect, test } from 'vitest'
import { badgeSvg } from './badge-svg.js'
import { conformanceBadge } from './conformance-badge.js'
import { failingReport, passingReport } from './report.fixture.js'
import { type ConformanceReportJson, reportJson } from './report-json.js'
import { reportMarkdown } from './report-markdown.js'

const markdown = `# Storage conformance of sheet <v2>

**1 of 3 failed**

| | |
|---|---|
| kit | @rapport/conformance 1.2.3 |
| level | full |
| seed | 42 |
| passed | 2 |
| failed | 1 |
| skipped | 1 |
| not run | 1 |

## Capabilities

| capability | declared |
|---|---|
| filter | ["eq","in"] |
| order | indexed |
| unique | true |
| aggregate | false |
| search | false |
| load | true |
| transaction | none |
| changes | {"lagMs":250} |
| watch | false |
| system | false |
| durable | true |
| maxBatch | 1000 |

## Subjects

| subject | passed | failed | skipped | not run |
|---|---|---|---|---|
| cursors | 1 | 0 | 0 | 0 |
| order | 0 | 0 | 0 | 1 |
| search | 0 | 0 | 1 | 0 |
| values | 1 | 1 | 0 | 0 |

## Failed

### values: fractions keep every bit

\`\`\`
seed 42: ratio: expected 0.1, got "0.1"
To repeat this case alone, add to the options of the run: seed: 42, only: "values: fractions keep every bit"
\`\`\`

## Skipped

| case | reason |
|---|---|
| search: a filter narrows | capabilities.search is false |

## Not run

- order: a | b
`

// 15 characters of label and 25 of message at 6.5 px, rounded up, with 6 px on both sides of each.
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="285" height="20" role="img" aria-label="rapport storage: full, 4 passed, 1 skipped">
<title>rapport storage: full, 4 passed, 1 skipped</title>
<rect width="285" height="20" rx="3" fill="#1a7f37"/>
<path d="M3 0h107v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#33383f"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="6" y="14" textLength="98">rapport storage</text>
<text x="116" y="14" textLength="163">full, 4 passed, 1 skipped</text>
</g>
</svg>
`

test('a report in Markdown says verdict, capabilities, subjects, failures with their replay, skips and what did not run', () => {
  expect(reportMarkdown(failingReport)).toBe(markdown)
})

test('a report in Markdown leaves out what is empty', () => {
  const text = reportMarkdown(passingReport)
  expect(text).toContain('**full, 4 passed, 1 skipped**')
  expect(text).not.toMatch(/^## (Failed|Not run)/m)
})

test('a report in JSON holds all of it, the badge and whether it holds', () => {
  const failing = JSON.parse(reportJson(failingReport)) as ConformanceReportJson
  expect(failing).toEqual({ ok: false, badge: conformanceBadge(failingReport), ...failingReport })
  expect(Object.keys(failing).slice(0, 2)).toEqual(['ok', 'badge'])
  expect(JSON.parse(reportJson(passingReport))).toMatchObject({ ok: true, badge: { schemaVersion: 1 } })
})

test.each([
  ['fails', failingReport, 'red', '1 of 3 failed'],
  ['passes at level full', passingReport, 'brightgreen', 'full, 4 passed, 1 skipped'],
  ['passes at level basic', { ...passingReport, level: 'basic', skipped: [] } as const, 'green', 'basic, 4 passed'],
  ['is one subject alone', { ...passingReport, only: 'values' }, 'lightgrey', 'incomplete, 4 passed'],
  ['left cases out', { ...passingReport, notRun: ['order: a'] }, 'lightgrey', 'incomplete, 4 passed'],
] as const)('the badge of a run that %s is honest', (_, report, color, message) => {
  expect(conformanceBadge(report)).toEqual({ schemaVersion: 1, label: 'rapport storage', message, color })
})

test('the badge as SVG is an image with a name, and loads nothing', () => {
  expect(badgeSvg(passingReport)).toBe(svg)
})
