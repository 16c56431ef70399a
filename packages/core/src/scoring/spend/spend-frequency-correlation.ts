import { type CustomerSummary, requireMonetaryValue } from '../summary/customer-summary.js'

/**
 * Pearson correlation, -1 to 1, of the number of repeat purchases and the mean spend over customers with a repeat
 * purchase: the assumption of the Gamma-Gamma model is that it is near 0. Undefined where fewer than three customers
 * have a repeat purchase, or where either column is constant.
 */
export function spendFrequencyCorrelation(summary: CustomerSummary): number | undefined {
  const { x, m, w } = repeatBuyers(summary)
  return weightedCorrelation(x, m, w)
}

/**
 * Spearman's rank correlation, -1 to 1, of the same two columns (Spearman 1904, equal values sharing their mean rank):
 * it sees any rise or fall, not only a straight one, and one giant order does not move it. Undefined as above.
 */
export function spendFrequencyRankCorrelation(summary: CustomerSummary): number | undefined {
  const { x, m, w } = repeatBuyers(summary)
  return weightedCorrelation(meanRanks(x, w), meanRanks(m, w), w)
}

interface RepeatBuyers {
  x: Float64Array
  m: Float64Array
  w: Float64Array
}

function repeatBuyers(summary: CustomerSummary): RepeatBuyers {
  const spend = requireMonetaryValue(summary)
  const { frequency, weight } = summary
  let n = 0
  for (let row = 0; row < frequency.length; row++) if (frequency[row]! > 0) n++
  const buyers: RepeatBuyers = { x: new Float64Array(n), m: new Float64Array(n), w: new Float64Array(n) }
  let next = 0
  for (let row = 0; row < frequency.length; row++) {
    if (frequency[row]! === 0) continue
    buyers.x[next] = frequency[row]!
    buyers.m[next] = spend[row]!
    buyers.w[next] = weight ? weight[row]! : 1
    next++
  }
  return buyers
}

/** Rank of each value where a row of weight w stands for w equal values; up to a constant, which no correlation sees. */
function meanRanks(values: Float64Array, w: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!)
  const ranks = new Float64Array(values.length)
  let below = 0
  for (let from = 0; from < order.length; ) {
    let to = from
    let equal = 0
    while (to < order.length && values[order[to]!] === values[order[from]!]) equal += w[order[to++]!]!
    for (let i = from; i < to; i++) ranks[order[i]!] = below + equal / 2
    below += equal
    from = to
  }
  return ranks
}

function weightedCorrelation(x: Float64Array, m: Float64Array, w: Float64Array): number | undefined {
  let customers = 0
  let meanX = 0
  let meanM = 0
  for (let i = 0; i < x.length; i++) {
    customers += w[i]!
    meanX += w[i]! * x[i]!
    meanM += w[i]! * m[i]!
  }
  if (customers < 3) return undefined
  meanX /= customers
  meanM /= customers
  let xx = 0
  let mm = 0
  let xm = 0
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - meanX
    const dm = m[i]! - meanM
    xx += w[i]! * dx * dx
    mm += w[i]! * dm * dm
    xm += w[i]! * dx * dm
  }
  const scale = Math.sqrt(xx) * Math.sqrt(mm)
  return scale > 0 && scale < Infinity ? xm / scale : undefined
}
