import { ScoringInputError } from '../scoring-input-error.js'
import { buildPrefixTree, type PrefixTree } from './prefix-tree.js'

/**
 * Visits each set of up to `longest` items that is in at least `least` baskets, by FP-growth (Han, Pei & Yin, SIGMOD 2000):
 * baskets become a prefix tree, and a smaller tree is grown from the paths above each item. Items are numbered from the
 * commonest on, `sizes` says in how many baskets each is; rows list them ascending, and so do the sets. Throws
 * ScoringInputError once there are more than `most` sets, so that low thresholds end.
 */
export function visitFrequentItemsets(
  rows: number[][],
  sizes: number[],
  options: { least: number; longest: number; most: number },
  visit: (itemset: number[], count: number) => void,
): void {
  const { least, longest, most } = options
  let found = 0

  function report(itemset: number[], count: number): void {
    if (++found > most) {
      throw new ScoringInputError(
        { column: 'baskets' },
        `more than ${most} item sets are that frequent`,
        'Raise minSupport or lower maxLength',
      )
    }
    visit(itemset, count)
  }

  // Inside a tree, items are numbered by their place in `names`.
  function grow({ heads, item, parent, count, next }: PrefixTree, names: number[], suffix: number[]): void {
    for (let f = names.length - 1; f > 0; f--) {
      const counts = new Float64Array(f)
      for (let node = heads[f]!; node > 0; node = next[node]!) {
        const weight = count[node]!
        for (let up = parent[node]!; up > 0; up = parent[up]!) counts[item[up]!]! += weight
      }
      const set = [names[f]!, ...suffix]
      const place = new Int32Array(f).fill(-1)
      const frequent: number[] = []
      for (let i = 0; i < f; i++) {
        if (counts[i]! < least) continue
        report([names[i]!, ...set], counts[i]!)
        place[i] = frequent.push(names[i]!) - 1
      }
      if (set.length + 1 >= longest || frequent.length < 2) continue
      const paths: number[][] = []
      const weights: number[] = []
      for (let node = heads[f]!; node > 0; node = next[node]!) {
        const path: number[] = []
        for (let up = parent[node]!; up > 0; up = parent[up]!) if (place[item[up]!]! >= 0) path.push(place[item[up]!]!)
        if (path.length < 2) continue
        paths.push(path.reverse())
        weights.push(count[node]!)
      }
      grow(buildPrefixTree(paths, weights, frequent.length), frequent, set)
    }
  }

  // Items come commonest first, so the frequent ones keep their numbers.
  const names: number[] = []
  for (let item = 0; item < sizes.length && sizes[item]! >= least; item++) {
    report([item], sizes[item]!)
    names.push(item)
  }
  if (longest > 1) grow(buildPrefixTree(rows, undefined, names.length), names, [])
}
