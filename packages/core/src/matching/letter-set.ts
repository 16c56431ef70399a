/** The letters of a text as bits of a number: equal letters, in any order and number, equal bits. */
export function letterSet(text: string): number {
  let bits = 0
  for (let index = 0; index < text.length; index++) bits |= 1 << (text.charCodeAt(index) & 31)
  return bits
}

/** How many letters of one set are not in another: so many letters of a text, at least, have no match in the other. */
export function lettersWithout(left: number, right: number): number {
  return bitCount(left & ~right)
}

/**
 * Letters that only one of two texts has, counted on the texts' letter sets. Each insertion or deletion changes one, each
 * substitution two at most, so texts within `n` edits differ in at most `2n`: a cheap test before a costly distance.
 */
export function letterDifference(left: number, right: number): number {
  return bitCount(left ^ right)
}

function bitCount(set: number): number {
  let bits = set
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
