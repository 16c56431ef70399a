import type { FieldKind, ReadValue } from './field-kind.js'

interface DateValue extends ReadValue {
  readonly year: string
  readonly month: string
  readonly day: string
}

/** Year, month and day of the usual ways to write a date: `1971-06-24`, `19710624`, `24.06.1971`, `1971年6月24日`. */
function partsOf(text: string): [year: string, month: string, day: string] | undefined {
  const folded = text.normalize('NFKC').trim()
  const named = /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*(?:T.*)?$/.exec(folded) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(folded)
  if (named) return [named[1]!, named[2]!.padStart(2, '0'), named[3]!.padStart(2, '0')]
  const reversed = /^(\d{1,2})\D+(\d{1,2})\D+(\d{4})$/.exec(folded)
  return reversed ? [reversed[3]!, reversed[2]!.padStart(2, '0'), reversed[1]!.padStart(2, '0')] : undefined
}

/** Number of places at which two digit strings of one length differ. */
function slips(left: string, right: string): number {
  let count = 0
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) count++
  return count
}

/** Whether exchanging two neighbouring digits turns one into the other. */
function isSwap(left: string, right: string): boolean {
  for (let index = 0; index + 1 < left.length; index++) {
    if (left[index] !== right[index]) {
      return (
        left[index] === right[index + 1] &&
        left[index + 1] === right[index] &&
        left.slice(index + 2) === right.slice(index + 2)
      )
    }
  }
  return false
}

/** Dates, such as a birthday. */
export const dateKind: FieldKind<DateValue> = {
  name: 'date',
  identifying: false,
  levels: [
    { name: 'same', m: 0.84, u: 0.0002, counts: 'key' },
    { name: 'close', m: 0.12, u: 0.004 },
    { name: 'sameYear', m: 0.015, u: 0.015 },
    { name: 'different', m: 0.025, u: 0.9808 },
  ],
  read(raw) {
    const parts = partsOf(raw)
    if (!parts) return undefined
    const [year, month, day] = parts
    const key = year + month + day
    return { key, looseKey: key, year, month, day }
  },
  blocks: () => [],
  coarse: ({ key, year, month, day }) => [key, `y${year}`, `d${month}${day}`],
  sketch: () => 0,
  reach: () => 1,
  compare(left, right) {
    if (left.key === right.key) return 0
    const exchanged = left.year === right.year && left.month === right.day && left.day === right.month
    if (exchanged || slips(left.key, right.key) === 1 || isSwap(left.key, right.key)) return 1
    return left.year === right.year ? 2 : 3
  },
}
