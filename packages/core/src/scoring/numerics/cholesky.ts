/**
 * Factors the symmetric matrix (row-major, n x n) into L L' in place, L in the lower triangle. Returns false where the
 * matrix is not positive definite (or so near to singular that a solution would be noise); the content is then void.
 */
export function factorCholesky(matrix: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const original = matrix[j * n + j]!
    let diagonal = original
    for (let k = 0; k < j; k++) diagonal -= matrix[j * n + k]! ** 2
    if (!(diagonal > 1e-14 * Math.abs(original)) || !Number.isFinite(diagonal)) return false
    const root = Math.sqrt(diagonal)
    matrix[j * n + j] = root
    for (let i = j + 1; i < n; i++) {
      let value = matrix[i * n + j]!
      for (let k = 0; k < j; k++) value -= matrix[i * n + k]! * matrix[j * n + k]!
      matrix[i * n + j] = value / root
    }
  }
  return true
}

/** Solves L L' x = b for a factor of {@link factorCholesky}; `b` is overwritten with x. */
export function solveCholesky(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let value = b[i]!
    for (let k = 0; k < i; k++) value -= factor[i * n + k]! * b[k]!
    b[i] = value / factor[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = b[i]!
    for (let k = i + 1; k < n; k++) value -= factor[k * n + i]! * b[k]!
    b[i] = value / factor[i * n + i]!
  }
}

/** Square roots of the diagonal of the inverse, or undefined where the matrix is not positive definite. */
export function inverseDiagonalRoots(matrix: Float64Array, n: number): Float64Array | undefined {
  const factor = Float64Array.from(matrix)
  if (!factorCholesky(factor, n)) return undefined
  const roots = new Float64Array(n)
  const unit = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    unit.fill(0)
    unit[i] = 1
    solveCholesky(factor, n, unit)
    roots[i] = Math.sqrt(unit[i]!)
  }
  return roots
}
