/** FNV-1a over UTF-16 units, its bits spread: 32 bits, another hash for each salt. */
export function textHash(text: string, salt: number): number {
  let state = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1)
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
  return joinedHash(state >>> 0, salt)
}

/** Joins two hashes; the last steps of MurmurHash3 spread the bits. */
export function joinedHash(left: number, right: number): number {
  let state = Math.imul(left, 0x85ebca6b) ^ Math.imul(right + 0x9e3779b9, 0xc2b2ae35)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}
