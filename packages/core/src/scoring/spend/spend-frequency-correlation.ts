import { type CustomerSummary, requireMonetaryValue } from '../summary/customer-summary.js'

/**
 * Pearson correlation, -1 to 1, of the number of repeat purchases and the mean spend over customers with a repeat
 * purchase: the assumption of the Gamma-Gamma model is that it is near 0. Undefined where fewer than three customers
 * have a repeat purchase, or where either column is constant.
 */
export function spendFrequencyCorrelation(summary: CustomerSummary): number | undefined {
  const spend = requireMonetaryValue(summary)
  const { frequency, weight } = summary
  let customers = 0
  let meanX = 0
  let meanM = 0
  for (let row = 0; row < frequency.length; row++) {
    if (frequency[row]! === 0) continue
    const w = weight ? weight[row]! : 1
    customers += w
    meanX += w * frequency[row]!
    meanM += w * spend[row]!
  }
  if (customers < 3) return undefined
  meanX /= customers
  meanM /= customers
  let xx = 0
  let mm = 0
  let xm = 0
  for (let row = 0; row < frequency.length; row++) {
    if (frequency[row]! === 0) continue
    const w = weight ? weight[row]! : 1
    const dx = frequency[row]! - meanX
    const dm = spend[row]! - meanM
    xx += w * dx * dx
    mm += w * dm * dm
    xm += w * dx * dm
  }
  const scale = Math.sqrt(xx) * Math.sqrt(mm)
  return scale > 0 && scale < Infinity ? xm / scale : undefined
}
