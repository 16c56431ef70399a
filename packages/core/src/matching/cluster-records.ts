import type { PairScore } from './pair-score.js'

/** A pair that matches by itself. */
export interface Link {
  readonly left: number
  readonly right: number
  readonly bits: number
}

/** What keeps clusters from growing into one another. */
export interface ClusterLimits {
  readonly largest: number
  /** Whether two records are known to be different. */
  areDifferent(left: number, right: number): boolean
}

/** Least mean log odds, in bits, of all pairs between two clusters that are joined: a little doubt is allowed. */
const leastMeanBits = -1
/** One pair counts this much at most, for or against. */
const mostBits = 12

/**
 * Joins linked records, the surest link first. Two clusters become one only when their records match on average, all pairs counted,
 * so that a single chance link between two families does not make them one; connected components would.
 */
export function clusterRecords(links: readonly Link[], score: PairScore, limits: ClusterLimits): number[][] {
  const clusterOf = new Map<number, number[]>()
  const own = (record: number): number[] => {
    let members = clusterOf.get(record)
    if (!members) {
      members = [record]
      clusterOf.set(record, members)
    }
    return members
  }
  for (const { left, right } of links.toSorted((a, b) => b.bits - a.bits || a.left - b.left || a.right - b.right)) {
    const first = own(left)
    const second = own(right)
    if (first === second || !belongTogether(first, second, score, limits)) continue
    const [kept, moved] = first.length >= second.length ? [first, second] : [second, first]
    for (const record of moved) {
      kept.push(record)
      clusterOf.set(record, kept)
    }
  }
  return [...new Set(clusterOf.values())]
    .filter(({ length }) => length > 1)
    .map((members) => members.sort((a, b) => a - b))
}

function belongTogether(
  first: readonly number[],
  second: readonly number[],
  score: PairScore,
  { largest, areDifferent }: ClusterLimits,
): boolean {
  if (first.length + second.length > largest) return false
  let sum = 0
  for (const left of first) {
    for (const right of second) {
      if (areDifferent(left, right)) return false
      sum += Math.max(-mostBits, Math.min(mostBits, score(left, right)))
    }
  }
  return first.length * second.length === 1 || sum / (first.length * second.length) >= leastMeanBits
}

/**
 * The probability of each pair of a cluster, `result[i][j]` for places i < j: its own, or the product along the surest path through
 * others, since a record that equals a second which equals a third equals the third.
 */
export function connectedProbabilities(direct: readonly (readonly number[])[]): number[][] {
  const best = direct.map((row) => [...row])
  const size = best.length
  for (let via = 0; via < size; via++) {
    for (let from = 0; from < size; from++) {
      const first = best[from]![via]!
      for (let to = 0; to < size; to++) {
        const path = first * best[via]![to]!
        if (to !== from && path > best[from]![to]!) best[from]![to] = path
      }
    }
  }
  return best
}
