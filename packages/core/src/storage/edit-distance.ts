/**
 * Fewest insertions, deletions, substitutions and swaps of neighbours that turn one list of characters into another (optimal
 * string alignment: no part is edited twice). Boytsov, ACM Journal of Experimental Algorithmics 16 (2011), §2.
 * Whoever asks whether it is at most some number gets infinity where it is more, and sooner.
 */
export function editDistance<T extends string | number>(
  left: readonly T[],
  right: readonly T[],
  atMost: number = Number.POSITIVE_INFINITY,
): number {
  let beforeLast: number[] = []
  let last: number[] = []
  let current: number[] = []
  for (let column = 0; column <= right.length; column++) last.push(column)
  let lastLeast = 0
  for (let row = 0; row < left.length; row++) {
    const a = left[row]
    current[0] = row + 1
    let least = row + 1
    for (let column = 0; column < right.length; column++) {
      const b = right[column]
      let cost = last[column]! + (a === b ? 0 : 1)
      if (last[column + 1]! < cost) cost = last[column + 1]! + 1
      if (current[column]! < cost) cost = current[column]! + 1
      const swapped = row > 0 && column > 0 && a === right[column - 1] && left[row - 1] === b
      if (swapped && beforeLast[column - 1]! < cost) cost = beforeLast[column - 1]! + 1
      current[column + 1] = cost
      if (cost < least) least = cost
    }
    // A row builds on the two before it, and only adds.
    if (least > atMost && lastLeast > atMost) return Number.POSITIVE_INFINITY
    lastLeast = least
    const free = beforeLast
    beforeLast = last
    last = current
    current = free
  }
  const distance = last[right.length]!
  return distance > atMost ? Number.POSITIVE_INFINITY : distance
}
