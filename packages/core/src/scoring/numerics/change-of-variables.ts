/**
 * Carries first and second derivatives over to new variables by the chain rule: `jacobian` (row-major, n x n) holds the
 * derivative of old variable i with respect to new variable j at i * n + j. Where old variables bend as functions of the
 * new ones, the caller adds slope times second derivative to the Hessian.
 */
export function changeVariables(
  jacobian: Float64Array,
  oldGradient: Float64Array,
  oldHessian: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const n = gradient.length
  for (let i = 0; i < n; i++) {
    let slope = 0
    for (let k = 0; k < n; k++) slope += jacobian[k * n + i]! * oldGradient[k]!
    gradient[i] = slope
    for (let j = 0; j < n; j++) {
      let curvature = 0
      for (let k = 0; k < n; k++) {
        for (let l = 0; l < n; l++) {
          curvature += jacobian[k * n + i]! * oldHessian[k * n + l]! * jacobian[l * n + j]!
        }
      }
      hessian[i * n + j] = curvature
    }
  }
}
