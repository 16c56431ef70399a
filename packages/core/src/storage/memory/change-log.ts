import { invalidField } from '../../kernel/crm-error.js'
import type { Change } from '../storage-adapter.js'

interface Entry {
  readonly place: number
  readonly key: string
  readonly change: Omit<Change, 'position'>
}

/** What changed in one tenant, in order. Of each record only the newest entry is kept, deletions included. */
export class ChangeLog {
  #entries: Entry[] = []
  readonly #newest = new Map<string, number>()
  #last = 0

  append(change: Omit<Change, 'position'>): void {
    // Names of entities hold no blank, so this is unambiguous.
    const key = `${change.entity} ${change.id}`
    const place = ++this.#last
    this.#entries.push({ place, key, change })
    this.#newest.set(key, place)
    if (this.#entries.length > 2 * this.#newest.size + 1_000) {
      this.#entries = this.#entries.filter((entry) => this.#isNewest(entry))
    }
  }

  /** Changes behind a position, oldest first. Throws `validation_failed` for a position that no change has had. */
  read(after: string | undefined, limit: number): Change[] {
    const place = after === undefined ? 0 : this.#placeOf(after)
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#entries[middle]!.place <= place) low = middle + 1
      else high = middle
    }
    const changes: Change[] = []
    for (; low < this.#entries.length && changes.length < limit; low++) {
      const entry = this.#entries[low]!
      if (this.#isNewest(entry)) changes.push({ position: String(entry.place), ...entry.change })
    }
    return changes
  }

  #placeOf(position: string): number {
    const place = /^[1-9]\d{0,15}$/.test(position) ? Number(position) : Number.NaN
    if (!(place <= this.#last)) throw invalidField('after', 'expected the position of a change read before')
    return place
  }

  #isNewest({ key, place }: Entry): boolean {
    return this.#newest.get(key) === place
  }
}
