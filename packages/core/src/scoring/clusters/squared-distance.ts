/** Squared Euclidean distance of p values from `i` in one array and from `j` in another. */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, p: number): number {
  let sum = 0
  for (let d = 0; d < p; d++) {
    const difference = a[i + d]! - b[j + d]!
    sum += difference * difference
  }
  return sum
}
