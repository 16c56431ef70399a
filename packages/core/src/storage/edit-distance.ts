/**
 * Fewest insertions, deletions, substitutions and swaps of neighbours that turn one list of characters into another (optimal
 * string alignment: no part is edited twice). Boytsov, ACM Journal of Experimental Algorithmics 16 (2011), §2.
 */
export function editDistance(left: readonly string[], right: readonly string[]): number {
  let beforeLast: number[] = []
  let last: number[] = []
  let current: number[] = []
  for (let column = 0; column <= right.length; column++) last.push(column)
  for (let row = 0; row < left.length; row++) {
    const a = left[row]
    current[0] = row + 1
    for (let column = 0; column < right.length; column++) {
      const b = right[column]
      let cost = Math.min(last[column + 1]! + 1, current[column]! + 1, last[column]! + (a === b ? 0 : 1))
      const swapped = row > 0 && column > 0 && a === right[column - 1] && left[row - 1] === b
      if (swapped) cost = Math.min(cost, beforeLast[column - 1]! + 1)
      current[column + 1] = cost
    }
    const free = beforeLast
    beforeLast = last
    last = current
    current = free
  }
  return last[right.length]!
}
