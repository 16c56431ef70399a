/** Texts that have nothing to fold but their case; most are, and the full way is ten times slower. */
const plain = /^[\n\x20-\x7e]*$/

/**
 * A text as filters compare it: compatibility forms unified, accents dropped, lower case. "Müller" and "ＭＵＬＬＥＲ"
 * both become "muller".
 */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}

/** The rows whose folded text contains every word of the query; all rows for a query without words. */
export function matchingRows(haystacks: readonly string[], query: string): Uint32Array {
  const words = foldText(query).split(/\s+/u).filter(Boolean)
  const matches = new Uint32Array(haystacks.length)
  let count = 0
  for (let row = 0; row < haystacks.length; row++) {
    const haystack = haystacks[row]!
    if (words.every((word) => haystack.includes(word))) matches[count++] = row
  }
  return matches.slice(0, count)
}
