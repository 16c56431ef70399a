/** The rows of `size` draws without replacement, in random order; all rows in order where there are no more. */
export function sampleRows(z: Float64Array, p: number, size: number, random: () => number): Float64Array {
  const n = z.length / p
  if (n <= size) return z
  const sample = z.slice(0, size * p)
  // Algorithm R (Vitter 1985): every row has the same chance.
  for (let row = size; row < n; row++) {
    const place = Math.floor(random() * (row + 1))
    if (place < size) for (let j = 0; j < p; j++) sample[place * p + j] = z[row * p + j]!
  }
  return sample
}
