import { requireNumbers } from '../number-column.js'
import { requireRatio } from '../option-bounds.js'

/**
 * Share of all value that the top customers bring, as a ratio: with the default of 0.2 the number behind "80 % from 20 %"
 * (Pareto 1896; Schmittlein, Cooper & Morrison 1993, Marketing Science 12(2)). Where the share of customers is not a
 * whole number, the customer at the border counts in part; customers below zero lower the whole, so the result can pass
 * 1. Undefined where the value of all is not above 0. Throws ScoringInputError naming the row, TypeError for a share
 * outside 0 to 1.
 */
export function shareOfTop(value: Float64Array, share = 0.2): number | undefined {
  requireRatio('share', share)
  requireNumbers('value', value, value.length, 'value', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  const falling = value.slice().sort().reverse()
  const count = share * falling.length
  let total = 0
  let top = 0
  falling.forEach((amount, i) => {
    total += amount
    top += amount * Math.min(1, Math.max(0, count - i))
  })
  return total > 0 ? top / total : undefined
}
