import type { Row } from '../row.js'

/** Keeps the first `limit` rows, or what stands for them, of an order out of any number offered, in a heap with the last of them on top. */
export class TopRows<T = Row> {
  readonly #compare: (left: T, right: T) => number
  readonly #limit: number
  readonly #heap: T[] = []
  /** How many rows were offered. */
  offered = 0

  constructor(compare: (left: T, right: T) => number, limit: number) {
    this.#compare = compare
    this.#limit = limit
  }

  /** Whether the row would be kept, were it offered now. */
  admits(row: T): boolean {
    return this.#heap.length < this.#limit || this.#compare(row, this.#heap[0]!) < 0
  }

  offer(row: T): void {
    this.offered++
    const heap = this.#heap
    if (heap.length < this.#limit) {
      heap.push(row)
      this.#rise(heap.length - 1)
    } else if (this.#compare(row, heap[0]!) < 0) {
      heap[0] = row
      this.#sink()
    }
  }

  /** The rows kept, in order. */
  sorted(): T[] {
    return this.#heap.slice().sort(this.#compare)
  }

  #rise(start: number): void {
    const heap = this.#heap
    const row = heap[start]!
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (this.#compare(heap[parent]!, row) >= 0) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = row
  }

  #sink(): void {
    const heap = this.#heap
    const row = heap[0]!
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#compare(heap[child + 1]!, heap[child]!) > 0) child++
      if (this.#compare(heap[child]!, row) <= 0) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = row
  }
}
