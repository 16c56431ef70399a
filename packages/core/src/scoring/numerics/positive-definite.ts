/**
 * Replaces a symmetric positive definite matrix (row-major, n x n) by its inverse, by Gauss-Jordan elimination, which
 * needs no exchange of rows here. Returns false where the matrix is not positive definite, or so near to singular that
 * the inverse would be noise; the content is then void.
 */
export function invertPositiveDefinite(matrix: Float64Array, n: number): boolean {
  const smallest = Float64Array.from({ length: n }, (_, k) => 1e-14 * Math.abs(matrix[k * n + k]!))
  for (let k = 0; k < n; k++) {
    const pivot = matrix[k * n + k]!
    if (!(pivot > smallest[k]! && pivot < Infinity)) return false
    matrix[k * n + k] = 1
    for (let j = 0; j < n; j++) matrix[k * n + j]! /= pivot
    for (let i = 0; i < n; i++) {
      if (i === k) continue
      const factor = matrix[i * n + k]!
      matrix[i * n + k] = 0
      for (let j = 0; j < n; j++) matrix[i * n + j]! -= factor * matrix[k * n + j]!
    }
  }
  return true
}

/** Standard errors by the curvature at a maximum; undefined where it is not downward in every direction. */
export function errorsFromHessian(hessian: Float64Array, n: number): Float64Array | undefined {
  const covariance = hessian.map((value) => -value)
  if (!invertPositiveDefinite(covariance, n)) return undefined
  return Float64Array.from({ length: n }, (_, i) => Math.sqrt(covariance[i * n + i]!))
}
