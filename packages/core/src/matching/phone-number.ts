import { distance } from 'fastest-levenshtein'
import type { FieldKind, ReadValue } from './field-kind.js'
import { letterDifference, letterSet } from './letter-set.js'

interface PhoneValue extends ReadValue {
  /** Digits without the leading zeros of a trunk or exit code. */
  readonly digits: string
  /** The number is valid and whole, country included. */
  readonly isE164: boolean
}

const shortest = 7
const keyLength = 8
/** Marks of a sketch beside the digits, of which a letter set has the bits 16 to 25. */
const [isShort, isWhole, anyDigit] = [1, 2, 0x03ff0000] as const

/** A telephone number without an extension (`转 8001`, `ext. 12`). */
function withoutExtension(text: string): string {
  return text.normalize('NFKC').replace(/\s*(?:转|轉|分机|ext\.?|x|#)\s*\d+\s*$/i, '')
}

/**
 * Where the country of national numbers is said, numbers are read by the world's numbering plans and compared as a whole. One that
 * no plan knows, or any without that, is compared from the end: a number that lacks the country, or is written with a trunk zero, is
 * the end of the full one.
 */
export const phoneKind: FieldKind<PhoneValue> = {
  name: 'phone',
  identifying: true,
  levels: [
    { name: 'same', m: 0.8, u: 0.0002, counts: 'key' },
    { name: 'close', m: 0.04, u: 0.0001 },
    { name: 'different', m: 0.16, u: 0.9997 },
  ],
  read(raw, { languages, country }) {
    const plain = withoutExtension(raw)
    const e164 = country === undefined ? undefined : languages.e164?.(plain, country)
    const digits = (e164 ?? plain).replace(/\D/g, '').replace(/^0+/, '')
    if (digits.length < shortest || /^(\d)\1+$/.test(digits)) return undefined
    const end = digits.slice(-keyLength)
    return { key: end, looseKey: end, digits, isE164: e164 !== undefined }
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
    if (left.isE164 && right.isE164)
      return left.digits === right.digits ? 0 : distance(left.digits, right.digits) === 1 ? 1 : 2
    const [short, long] =
      left.digits.length <= right.digits.length ? [left.digits, right.digits] : [right.digits, left.digits]
    if (long.endsWith(short)) return 0
    // Both whole, of different countries, or with and without a trunk zero behind the country code.
    if (left.key === right.key && long.slice(-10).replace(/^0+/, '') === short.slice(-10).replace(/^0+/, '')) return 0
    if (short.length >= 9 && distance(left.digits.slice(-10), right.digits.slice(-10)) <= 1) return 1
    return 2
  },
}
