/** Letters from the most to the least frequent in European text; what is not among them is rarer still. */
const letters = '_eanirtsoldcumhgpbkfvwyzjxq'

/**
 * Parts of the terms of a search, for a storage whose index finds rows that hold all of a few terms. A row that holds at least
 * `atLeast` of n terms lacks n - atLeast at most, so of n - atLeast + 1 parts it holds one whole. Each has a rare term, as far as
 * letters tell, and some others, so that few rows hold all of it. The terms must be different.
 */
export function termGroups(terms: readonly string[], atLeast: number): string[][] {
  const groups: string[][] = Array.from({ length: Math.max(1, terms.length - atLeast + 1) }, () => [])
  const rarest = terms
    .map((term) => ({ term, rarity: rarityOf(term) }))
    .reverse()
    .sort((left, right) => right.rarity - left.rarity)
  for (const [index, { term }] of rarest.entries()) {
    const place = index % groups.length
    const isTurnBack = Math.floor(index / groups.length) % 2 === 1
    groups[isTurnBack ? groups.length - 1 - place : place]!.push(term)
  }
  return groups
}

function rarityOf(term: string): number {
  let rarity = 0
  for (const letter of term) {
    const place = letters.indexOf(letter)
    rarity += place < 0 ? 16 : place
  }
  return rarity
}
