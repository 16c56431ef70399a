/** Throws TypeError unless an option is a whole number within [from, to]. */
export function requireWhole(name: string, value: number, from: number, to = Infinity): void {
  if (Number.isSafeInteger(value) && value >= from && value <= to) return
  throw new TypeError(`${name} must be a whole number from ${from}${to === Infinity ? '' : ` to ${to}`}`)
}

/** Throws TypeError unless an option is a ratio from 0 to 1. */
export function requireRatio(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new TypeError(`${name} must be a ratio from 0 to 1`)
}

/** Throws TypeError unless a number is that of one of n rows. */
export function requireRow(row: number, n: number): void {
  if (!(Number.isInteger(row) && row >= 0 && row < n)) throw new TypeError(`There is no row ${row}`)
}
