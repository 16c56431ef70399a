/** The numbers of the rows that hold a term, in ascending order, kept in one buffer that grows. */
export class PostingList {
  readonly term: string
  #numbers = new Uint32Array(4)
  #length = 0

  constructor(term: string) {
    this.term = term
  }

  get length(): number {
    return this.#length
  }

  /** The numbers; look at no more than {@link length} of them. */
  get numbers(): Uint32Array {
    return this.#numbers
  }

  /** Adds a number that is greater than all before it. */
  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const grown = new Uint32Array(this.#length + (this.#length >> 1) + 4)
      grown.set(this.#numbers)
      this.#numbers = grown
    }
    this.#numbers[this.#length++] = number
  }

  /** The first place from `start` on whose number is at least `number`: in doubling steps, then by halves. */
  placeOf(number: number, start: number): number {
    const numbers = this.#numbers
    let step = 1
    let low = start
    while (low + step < this.#length && numbers[low + step]! < number) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step, this.#length)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (numbers[middle]! < number) low = middle + 1
      else high = middle
    }
    return low
  }
}
