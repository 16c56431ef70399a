import { requireNumbers, requireRows } from '../number-column.js'
import { ScoringInputError } from '../scoring-input-error.js'

/** One row per customer; times in one unit, as in a `CustomerSummary`. */
export interface RhythmColumns {
  /** Repeat purchases, from 0. */
  frequency: Float64Array
  /** Time from the first to the last purchase. */
  recency: Float64Array
  /** The class of product that the customer buys, mostly or last: coffee, mattresses. */
  productClass: readonly string[]
}

export interface RhythmOptions {
  /** Usual time between purchases by class, where the merchant knows it; else the mean gap of the customers of the class. */
  classGaps?: Readonly<Record<string, number>>
  /** How many gaps of their own weigh as much as the class; default 2. */
  priorGaps?: number
}

export interface ExpectedRhythm {
  /** Per customer the time to expect between purchases, above 0; undefined where nobody has bought twice and no class is known. */
  usualGap: Float64Array | undefined
  /** Per class the gap it was given or found to have; a class without any has that of everybody. */
  classGaps: Map<string, number>
}

/**
 * The purchase rhythm to expect of each customer: the class of product sets it (coffee: weeks, a mattress: years), and
 * purchases of their own correct it: (k x gap of the class + recency) / (k + frequency), the mean of a gamma prior worth k
 * gaps. A customer with one purchase so has the rhythm of the class, a regular their own. Feed it to `churnRisk` as
 * `usualGap`. Throws ScoringInputError naming row and column, TypeError for options that cannot be.
 */
export function expectedRhythm(columns: RhythmColumns, options: RhythmOptions = {}): ExpectedRhythm {
  const { frequency, recency, productClass } = columns
  const { classGaps: given = {}, priorGaps = 2 } = options
  const n = frequency.length
  if (!(priorGaps > 0 && priorGaps < Infinity)) throw new TypeError('priorGaps must be a number above 0')
  requireNumbers('frequency', frequency, n, 'frequency', 0, Number.MAX_SAFE_INTEGER)
  requireNumbers('recency', recency, n, 'frequency', 0, Number.MAX_SAFE_INTEGER)
  requireRows('productClass', productClass, n, 'frequency')
  for (const [name, gap] of Object.entries(given)) {
    if (!(gap > 0 && gap <= Number.MAX_SAFE_INTEGER)) {
      throw new ScoringInputError(
        { column: `classGaps.${name}` },
        'not a time above 0',
        'Give the usual time or nothing',
      )
    }
  }

  const everybody = { gaps: 0, time: 0 }
  const seen = new Map<string, typeof everybody>()
  for (let row = 0; row < n; row++) {
    const name = productClass[row]!
    const own = seen.get(name) ?? { gaps: 0, time: 0 }
    seen.set(name, own)
    for (const sum of [own, everybody]) {
      sum.gaps += frequency[row]!
      sum.time += recency[row]!
    }
  }
  const known = Object.values(given)
  // Without a gap that anybody showed, the classes that are known stand for the one that is not.
  const common = everybody.time > 0 ? meanGap(everybody) : known.reduce((sum, gap) => sum + gap / known.length, 0)
  const classGaps = new Map<string, number>()
  for (const [name, own] of seen) {
    const gap = Object.hasOwn(given, name) ? given[name]! : own.time > 0 ? meanGap(own) : common
    if (gap > 0) classGaps.set(name, gap)
  }
  if (n > 0 && classGaps.size === 0) return { usualGap: undefined, classGaps }
  const usualGap = frequency.map((x, row) => {
    const gap = classGaps.get(productClass[row]!)!
    return Math.max(Number.MIN_VALUE, (priorGaps * gap + recency[row]!) / (priorGaps + x))
  })
  return { usualGap, classGaps }
}

function meanGap({ gaps, time }: { gaps: number; time: number }): number {
  return Math.max(Number.MIN_VALUE, time / Math.max(1, gaps))
}
