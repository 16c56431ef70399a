/** The 0.975 quantile of the standard normal distribution. */
export const Z95 = 1.959963984540054

/** Limits of a share of n at 95 %, within 0 to 1 (Wilson, JASA 22, 1927). */
export function wilsonInterval(share: number, n: number): { low: number; high: number } {
  const z2 = Z95 ** 2 / n
  const middle = (share + z2 / 2) / (1 + z2)
  const reach = (Z95 / (1 + z2)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n))
  return { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}
