import { type Derivatives, zeroDerivatives } from '../numerics/derivatives.js'
import { risingFactorials } from '../numerics/rising-factorial.js'
import type { PurchaseHistories } from './purchase-histories.js'

/**
 * The part of BG/NBD, MBG/NBD and Pareto/NBD that counts purchases of customers who stay, the NBD: a history adds
 *   ln (r)_x - x ln alpha - (r+x) ln(1 + T/alpha).
 * Derivatives are with respect to (ln r, ln alpha) and two more variables that follow.
 */
export function purchasesWhileStaying(histories: PurchaseHistories, r: number, alpha: number): Derivatives {
  const { counts, customersOfCount, age, customersOfAge, purchasesOfAge } = histories
  const total = zeroDerivatives(4)
  const { gradient, hessian } = total
  const rising = risingFactorials(r, counts)
  customersOfCount.forEach((customers, i) => {
    const slope = customers * r * rising.first[i]!
    total.value += customers * rising.log[i]!
    gradient[0]! += slope
    hessian[0]! += slope + customers * r * r * rising.second[i]!
  })
  const logAlpha = Math.log(alpha)
  age.values.forEach((T, i) => {
    const x = purchasesOfAge[i]!
    const shape = customersOfAge[i]! * r
    const log = Math.log1p(T / alpha)
    const spent = T / (alpha + T)
    total.value -= x * logAlpha + (shape + x) * log
    gradient[0]! -= shape * log
    gradient[1]! += (shape + x) * spent - x
    hessian[0]! -= shape * log
    hessian[4]! += shape * spent
    hessian[5]! -= ((shape + x) * spent * alpha) / (alpha + T)
  })
  return total
}

/** Copies the lower triangle of the Hessian to the upper one. */
export function mirrored(total: Derivatives): Derivatives {
  const { hessian } = total
  for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) hessian[4 * j + i] = hessian[4 * i + j]!
  return total
}
