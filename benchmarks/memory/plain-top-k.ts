import type { Row } from '@rapport/core/storage'

/** The benchmark's query written by hand, as fast as plain code goes: one loop, one bounded heap, no abstractions. */
export function plainTopK(rows: readonly Row[], limit: number): Row[] {
  const heap: Row[] = []
  // Whether `left` comes after `right` in the order -updatedAt, -id.
  const isBehind = (left: Row, right: Row): boolean => {
    const a = left.updatedAt as string
    const b = right.updatedAt as string
    return a < b || (a === b && left.id < right.id)
  }
  for (const row of rows) {
    if (row.stage !== 'stage-3' || (row.score as number) < 100) continue
    if (heap.length < limit) {
      heap.push(row)
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1
        if (!isBehind(heap[index]!, heap[parent]!)) break
        ;[heap[index], heap[parent]] = [heap[parent]!, heap[index]!]
        index = parent
      }
    } else if (isBehind(heap[0]!, row)) {
      heap[0] = row
      for (let index = 0; ; ) {
        let child = 2 * index + 1
        if (child >= heap.length) break
        if (child + 1 < heap.length && isBehind(heap[child + 1]!, heap[child]!)) child++
        if (!isBehind(heap[child]!, heap[index]!)) break
        ;[heap[index], heap[child]] = [heap[child]!, heap[index]!]
        index = child
      }
    }
  }
  return heap.sort((left, right) => (isBehind(left, right) ? 1 : -1))
}
