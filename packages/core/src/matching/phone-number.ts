import { distance } from 'fastest-levenshtein'
import type { FieldKind, ReadValue } from './field-kind.js'
import { letterDifference, letterSet } from './letter-set.js'

interface PhoneValue extends ReadValue {
  /** Digits without the leading zeros of a trunk or exit code. */
  readonly digits: string
}

const shortest = 7
const keyLength = 8
/** Marks of a sketch beside the digits, of which a letter set has the bits 16 to 25. */
const [isShort, isWhole, anyDigit] = [1, 2, 0x03ff0000] as const

/** Digits of a telephone number; an extension (`转 8001`, `ext. 12`) is left out. */
function digitsOf(text: string): string {
  const folded = text.normalize('NFKC')
  const plain = folded.replace(/\s*(?:转|轉|分机|ext\.?|x|#)\s*\d+\s*$/i, '')
  return plain.replace(/\D/g, '')
}

/**
 * Numbers are compared from the end: one that lacks the country, or is written with a trunk zero, is the end of the full one. A wrong
 * guess of the country therefore does no harm.
 */
export const phoneKind: FieldKind<PhoneValue> = {
  name: 'phone',
  identifying: true,
  levels: [
    { name: 'same', m: 0.8, u: 0.0002, counts: 'key' },
    { name: 'close', m: 0.04, u: 0.0001 },
    { name: 'different', m: 0.16, u: 0.9997 },
  ],
  read(raw) {
    const digits = digitsOf(raw).replace(/^0+/, '')
    if (digits.length < shortest || /^(\d)\1+$/.test(digits)) return undefined
    const end = digits.slice(-keyLength)
    return { key: end, looseKey: end, digits }
  },
  blocks: ({ key }) => [key],
  coarse: () => [],
  sketch: ({ digits }) =>
    digits.length < keyLength
      ? isShort
      : (digits.length >= 9 ? isWhole : 0) | (letterSet(digits.slice(-10)) & anyDigit),
  reach(left, right) {
    if (((left | right) & isShort) !== 0) return 0
    return (left & right & isWhole) !== 0 && letterDifference(left & anyDigit, right & anyDigit) <= 2 ? 1 : 2
  },
  compare(left, right) {
    const [short, long] =
      left.digits.length <= right.digits.length ? [left.digits, right.digits] : [right.digits, left.digits]
    if (long.endsWith(short)) return 0
    // Both whole, of different countries, or with and without a trunk zero behind the country code.
    if (left.key === right.key && long.slice(-10).replace(/^0+/, '') === short.slice(-10).replace(/^0+/, '')) return 0
    if (short.length >= 9 && distance(left.digits.slice(-10), right.digits.slice(-10)) <= 1) return 1
    return 2
  },
}
