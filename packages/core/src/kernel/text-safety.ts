/** U+0000 and lone surrogates cannot be stored by every backend and mean nothing to a reader. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}

/** Length in Unicode code points, which is what limits on text mean. */
export function codePointLength(text: string): number {
  let length = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xd800 && unit <= 0xdbff) length--
  }
  return length
}

/** Compares by code point, as `COLLATE "C"` does on UTF-8. Plain `<` compares UTF-16 units, which differs beyond the BMP. */
export function compareCodePoints(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a !== b) {
      const aSurrogate = a >= 0xd800 && a <= 0xdfff
      const bSurrogate = b >= 0xd800 && b <= 0xdfff
      if (aSurrogate !== bSurrogate) return aSurrogate ? 1 : -1
      return a < b ? -1 : 1
    }
  }
  return left.length - right.length
}
