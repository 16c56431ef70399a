/** Sorts behind everything that a key can continue with. */
export const behindAll = '\uffff\uffff'

const codePointSensitive = /[\ud800-\uffff]/
/** Marks the rest of Unicode in an inverted text. */
const beyondAscii = 1
/** Ends an inverted text, so that a text comes behind those that it begins. */
const invertedEnd = 0x81

/**
 * A text whose UTF-16 units sort as its code points do. IndexedDB compares units, which puts characters beyond the basic plane before
 * U+E000; here surrogates move to the top and U+E000 to U+FFFF move down.
 */
export function sortableText(text: string): string {
  if (!codePointSensitive.test(text)) return text
  return mapUnits(text, (unit) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800))
}

/** The text that {@link sortableText} was given. */
export function originalText(sortable: string): string {
  if (!codePointSensitive.test(sortable)) return sortable
  return mapUnits(sortable, (unit) => (unit < 0xd800 ? unit : unit < 0xf800 ? unit + 0x800 : unit - 0x2000))
}

/**
 * The beginning of all inverted texts whose text begins with this one; see {@link invertedText}. ASCII stays within Latin-1, which takes
 * half the room.
 */
export function invertedPrefix(sortable: string): string {
  const units: number[] = []
  for (let index = 0; index < sortable.length; index++) {
    const unit = sortable.charCodeAt(index)
    if (unit < 0x80) units.push(invertedEnd - unit)
    else units.push(beyondAscii, 0xffff - unit)
  }
  return String.fromCharCode(...units)
}

/** A text that sorts the other way round than the sortable text it is made of, and that none of its kind begins. */
export function invertedText(sortable: string): string {
  return invertedPrefix(sortable) + String.fromCharCode(invertedEnd)
}

/**
 * Eleven ASCII characters that sort as the number does: the bits of the IEEE 754 double, made to sort as an unsigned integer, six bits a
 * character from `0` on. Infinities are ordered too, NaN and -0 are not.
 */
export function sortableNumber(value: number): string {
  bits.setFloat64(0, value)
  let high = bits.getUint32(0)
  let low = bits.getUint32(4)
  if (high >>> 31 === 1) {
    high = ~high
    low = ~low
  } else high ^= 0x80000000
  return String.fromCharCode(
    0x30 + (high >>> 26),
    0x30 + ((high >>> 20) & 63),
    0x30 + ((high >>> 14) & 63),
    0x30 + ((high >>> 8) & 63),
    0x30 + ((high >>> 2) & 63),
    0x30 + (((high & 3) << 4) | (low >>> 28)),
    0x30 + ((low >>> 22) & 63),
    0x30 + ((low >>> 16) & 63),
    0x30 + ((low >>> 10) & 63),
    0x30 + ((low >>> 4) & 63),
    0x30 + ((low & 15) << 2),
  )
}

const bits = new DataView(new ArrayBuffer(8))

function mapUnits(text: string, map: (unit: number) => number): string {
  const units: number[] = []
  for (let index = 0; index < text.length; index++) units.push(map(text.charCodeAt(index)))
  // Indexed text has at most 1,024 units, far below the most arguments a call may have.
  return String.fromCharCode(...units)
}
