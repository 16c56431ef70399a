import { ScoringInputError } from '../scoring-input-error.js'

/**
 * Visits each set of up to `longest` items that is in at least `least` baskets, by FP-growth (Han, Pei & Yin, SIGMOD 2000):
 * baskets become a prefix tree, and the tree is grown again from the paths above each item. Rows list item numbers below
 * `size`, ascending; so do the sets. Throws ScoringInputError once there are more than `most` sets, so that low thresholds
 * end.
 */
export function visitFrequentItemsets(
  rows: number[][],
  options: { size: number; least: number; longest: number; most: number },
  visit: (itemset: number[], count: number) => void,
): void {
  const { least, longest, most } = options
  let found = 0

  // Inside, items are numbered by their place in `names`, which shrinks with each level.
  function grow(paths: number[][], weights: number[], names: number[], suffix: number[]): void {
    const counts = new Float64Array(names.length)
    for (let p = 0; p < paths.length; p++) for (const item of paths[p]!) counts[item]! += weights[p]!
    const place = new Int32Array(names.length).fill(-1)
    const frequent: number[] = []
    for (let item = 0; item < names.length; item++) {
      if (counts[item]! < least) continue
      if (++found > most) {
        throw new ScoringInputError(
          { column: 'baskets' },
          `more than ${most} item sets are that frequent`,
          'Raise minSupport or lower maxLength',
        )
      }
      visit([names[item]!, ...suffix], counts[item]!)
      place[item] = frequent.push(names[item]!) - 1
    }
    if (suffix.length + 1 >= longest || frequent.length < 2) return

    const tree = buildTree(paths, weights, place, frequent.length)
    for (let f = frequent.length - 1; f > 0; f--) {
      const above: number[][] = []
      const aboveWeights: number[] = []
      for (let node = tree.heads[f]!; node > 0; node = tree.next[node]!) {
        const path: number[] = []
        for (let up = tree.parent[node]!; up > 0; up = tree.parent[up]!) path.push(tree.item[up]!)
        if (path.length === 0) continue
        above.push(path.reverse())
        aboveWeights.push(tree.count[node]!)
      }
      if (above.length > 0) grow(above, aboveWeights, frequent.slice(0, f), [frequent[f]!, ...suffix])
    }
  }

  const names = Array.from({ length: options.size }, (_, item) => item)
  grow(rows, new Array(rows.length).fill(1), names, [])
}

/** The prefix tree of the items with a place, as columns: node 0 is the root, `heads` and `next` chain the nodes of an item. */
function buildTree(paths: number[][], weights: number[], place: Int32Array, size: number) {
  const heads = new Int32Array(size)
  const item = [-1]
  const parent = [-1]
  const count = [0]
  const next = [0]
  const child = new Map<number, number>()
  for (let p = 0; p < paths.length; p++) {
    let at = 0
    for (const old of paths[p]!) {
      const f = place[old]!
      if (f < 0) continue
      const key = at * size + f
      let node = child.get(key)
      if (node === undefined) {
        node = item.push(f) - 1
        child.set(key, node)
        parent.push(at)
        count.push(0)
        next.push(heads[f]!)
        heads[f] = node
      }
      count[node]! += weights[p]!
      at = node
    }
  }
  return { heads, item, parent, count, next }
}
