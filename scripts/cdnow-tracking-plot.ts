import type { PurchaseTracking } from '@rapport/core/scoring'

/** A line of the plot: cumulative purchases at the end of each week. */
interface Line {
  className: 'actual' | 'bg-nbd' | 'pareto-nbd'
  label: string
  values: Float64Array
}

const WIDTH = 860
const HEIGHT = 480
const PLOT = { left: 76, right: 690, top: 56, bottom: 416 }
const LABEL_HEIGHT = 40
const thousands = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

// A picture in a page sees the reader's colour scheme, but none of the page's styles: it brings its own ground.
const STYLE = `
    svg { --ground: #ffffff; --ink: #1f2933; --faint: #d5dae0; --quiet: #55606c; --bg-nbd: #a83f00; --pareto-nbd: #1557a8 }
    @media (prefers-color-scheme: dark) {
      svg { --ground: #14181d; --ink: #eef1f4; --faint: #39424d; --quiet: #aab4bf; --bg-nbd: #ffab66; --pareto-nbd: #86bbff }
    }
    text { font: 14px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: var(--ink) }
    .ground { fill: var(--ground) }
    .heading { font-size: 17px; font-weight: 600 }
    .quiet { fill: var(--quiet) }
    .grid { stroke: var(--faint) }
    .split { stroke: var(--quiet); stroke-dasharray: 3 4 }
    .line { fill: none; stroke-width: 2.5 }
    .actual { stroke: var(--ink) }
    .bg-nbd { stroke: var(--bg-nbd); stroke-dasharray: 9 4 }
    .pareto-nbd { stroke: var(--pareto-nbd); stroke-dasharray: 2 4 }
    text.bg-nbd { fill: var(--bg-nbd); stroke: none }
    text.pareto-nbd { fill: var(--pareto-nbd); stroke: none }
    text.actual { stroke: none }
  `

/**
 * The tracking plot of Fader, Hardie & Lee (2005) as a picture that stands alone: cumulative repeat purchases by week,
 * actual beside BG/NBD and Pareto/NBD, with the end of calibration marked. Lines differ in dash as well as in colour,
 * a description tells the figures, and the colours follow the reader's light or dark scheme.
 */
export function cdnowTrackingPlot(
  bgNbd: PurchaseTracking,
  paretoNbd: PurchaseTracking,
  calibrationEnd: number,
): string {
  const lines: Line[] = [
    { className: 'actual', label: 'Actual', values: bgNbd.cumulativeActual },
    { className: 'bg-nbd', label: 'BG/NBD', values: bgNbd.cumulativeExpected },
    { className: 'pareto-nbd', label: 'Pareto/NBD', values: paretoNbd.cumulativeExpected },
  ]
  const weeks = bgNbd.end.length
  const most = Math.max(...lines.map(({ values }) => values[weeks - 1]!))
  const ceiling = Math.ceil(most / 1000) * 1000
  const x = (week: number): number => PLOT.left + ((PLOT.right - PLOT.left) * week) / weeks
  const y = (purchases: number): number => PLOT.bottom - ((PLOT.bottom - PLOT.top) * purchases) / ceiling

  const body = [
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="heading" x="${PLOT.left}" y="30">Cumulative repeat purchases of the CDNOW sample</text>`,
    ...horizontalGrid(ceiling, y),
    ...weekAxis(weeks, x),
    `<path class="split" d="M${round(x(calibrationEnd))} ${PLOT.top}V${PLOT.bottom}"/>`,
    `<text class="quiet" x="${round(x(calibrationEnd) - 8)}" y="${PLOT.top + 14}" text-anchor="end">calibration</text>`,
    `<text class="quiet" x="${round(x(calibrationEnd) + 8)}" y="${PLOT.top + 14}">forecast</text>`,
    ...lines.map((line) => `<path class="line ${line.className}" d="${pathOf(line.values, x, y)}"/>`),
    ...endLabels(lines, y),
  ]
  const atEnd = lines.map(({ label, values }) => `${label} ${thousands.format(values[weeks - 1]!)}`).join(', ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title description">
  <title id="title">Repeat purchases of the CDNOW sample by week, actual and expected</title>
  <desc id="description">Cumulative repeat purchases over ${weeks} weeks. The models were fitted to the weeks up to ${calibrationEnd.toFixed(1)}; the rest is a forecast. At the end: ${atEnd}.</desc>
  <style>${STYLE}</style>
  ${body.join('\n  ')}
</svg>
`
}

function horizontalGrid(ceiling: number, y: (purchases: number) => number): string[] {
  const middle = (PLOT.top + PLOT.bottom) / 2
  const marks = Array.from({ length: ceiling / 1000 + 1 }, (_, i) => i * 1000)
  return [
    ...marks.flatMap((mark) => [
      `<path class="grid" d="M${PLOT.left} ${round(y(mark))}H${PLOT.right}"/>`,
      `<text x="${PLOT.left - 8}" y="${round(y(mark) + 5)}" text-anchor="end">${thousands.format(mark)}</text>`,
    ]),
    `<text transform="translate(20 ${middle}) rotate(-90)" text-anchor="middle">Repeat purchases, cumulative</text>`,
  ]
}

function weekAxis(weeks: number, x: (week: number) => number): string[] {
  const marks = Array.from({ length: Math.floor(weeks / 13) + 1 }, (_, i) => i * 13)
  return [
    ...marks.map((week) => `<text x="${round(x(week))}" y="${PLOT.bottom + 20}" text-anchor="middle">${week}</text>`),
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 46}" text-anchor="middle">Weeks since 1 January 1997</text>`,
  ]
}

function pathOf(values: Float64Array, x: (week: number) => number, y: (purchases: number) => number): string {
  const points = Array.from(values, (value, week) => `L${round(x(week + 1))} ${round(y(value))}`)
  return `M${round(x(0))} ${round(y(0))}${points.join('')}`
}

/** Key, name and last value at the ends of the lines, pushed apart where lines end close together. */
function endLabels(lines: Line[], y: (purchases: number) => number): string[] {
  let free = PLOT.top - LABEL_HEIGHT
  return lines
    .map((line) => ({ line, last: line.values.at(-1)! }))
    .sort((one, other) => other.last - one.last)
    .map(({ line, last }) => {
      const at = Math.max(y(last), free + LABEL_HEIGHT)
      free = at
      const left = PLOT.right + 48
      return [
        `<path class="line ${line.className}" d="M${PLOT.right + 10} ${round(at - 5)}h30"/>`,
        `<text class="${line.className}" x="${left}" y="${round(at)}">${line.label}<tspan x="${left}" dy="17">${thousands.format(last)}</tspan></text>`,
      ].join('\n  ')
    })
}

/** A tenth of a pixel is as fine as anybody sees, and short numbers keep the file the same on every machine. */
function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}
