/** Letters from the most to the least frequent in European text; what is not among them is rarer still. */
const letters = '_eanirtsoldcumhgpbkfvwyzjxq'

/**
 * The terms that fewest rows can be expected to hold, for a storage that cannot count them: whole addresses and numbers, then grams of
 * rare letters. A row that holds at least `atLeast` of n terms holds one of any n - atLeast + 1, so an index need be asked for those
 * alone. The terms must be different.
 */
export function rarestTerms(terms: readonly string[], atLeast: number): string[] {
  const wanted = Math.max(1, terms.length - atLeast + 1)
  return terms
    .map((term) => ({ term, rarity: rarityOf(term) }))
    .sort((left, right) => right.rarity - left.rarity)
    .slice(0, wanted)
    .map(({ term }) => term)
}

function rarityOf(term: string): number {
  let rarity = 0
  for (const letter of term) {
    const place = letters.indexOf(letter)
    rarity += place < 0 ? 16 : place
  }
  return rarity
}
