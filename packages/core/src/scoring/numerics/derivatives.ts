/** The value of a smooth function at a point, with its gradient and its row-major Hessian. */
export interface Derivatives {
  value: number
  gradient: Float64Array
  hessian: Float64Array
}

/** All zero, for sums to start from. */
export function zeroDerivatives(variables: number): Derivatives {
  return { value: 0, gradient: new Float64Array(variables), hessian: new Float64Array(variables * variables) }
}

/**
 * Adds a function of old variables to a sum over new ones, by the chain rule: `jacobian` (row-major) holds the
 * derivative of old variable k with respect to new variable i. Where old variables bend as functions of the new ones,
 * the caller adds slope times second derivative to the Hessian.
 */
export function addInNewVariables(target: Derivatives, old: Derivatives, jacobian: Float64Array): void {
  const m = old.gradient.length
  const n = target.gradient.length
  target.value += old.value
  for (let k = 0; k < m; k++) {
    for (let i = 0; i < n; i++) {
      const slope = jacobian[k * n + i]!
      if (slope === 0) continue
      target.gradient[i]! += slope * old.gradient[k]!
      for (let l = 0; l < m; l++) {
        for (let j = 0; j < n; j++) {
          target.hessian[i * n + j]! += slope * old.hessian[k * m + l]! * jacobian[l * n + j]!
        }
      }
    }
  }
}
