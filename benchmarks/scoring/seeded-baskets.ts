import { createSeededRandom } from './seeded-random.js'

const ITEMS = 170
/** Chance that a basket takes one more item: 4.4 items on average, as in a grocery shop. */
const ANOTHER = 1 - 1 / 4.4
/** Every tenth item brings the next one along in a third of the baskets. */
const COMPANION = 1 / 3

/** Baskets of a grocery shop: 170 items whose popularity falls as one over their rank, some of which go together. */
export function generateBaskets(count: number, seed: number): string[][] {
  const random = createSeededRandom(seed)
  const reach = Float64Array.from({ length: ITEMS }, (_, rank) => 1 / (rank + 3))
  for (let rank = 1; rank < ITEMS; rank++) reach[rank]! += reach[rank - 1]!
  const draw = (): number => {
    const target = random.uniform() * reach[ITEMS - 1]!
    return reach.findIndex((sum) => sum > target)
  }
  return Array.from({ length: count }, () => {
    const basket = new Set<number>()
    do {
      const item = draw()
      basket.add(item)
      if (item % 10 === 0 && random.uniform() < COMPANION) basket.add(item + 1)
    } while (random.uniform() < ANOTHER)
    return Array.from(basket, (item) => `item-${item}`)
  })
}
