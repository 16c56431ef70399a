import { fingerprint } from './sql-identifier.js'

/**
 * Decides which statements are prepared under a name. A shape gets one when it comes a second time while it is among the
 * `candidates` most recent; after `limit` names no more are given, because each name occupies memory in every connection of the
 * server for as long as that lives. Names follow from the text, so storages that share a pool never clash.
 */
export class StatementNames {
  readonly #limit: number
  readonly #candidates: number
  readonly #names = new Map<string, string>()
  readonly #seenOnce = new Set<string>()

  constructor({ limit = 1_000, candidates = 1_000 }: { limit?: number; candidates?: number } = {}) {
    this.#limit = limit
    this.#candidates = candidates
  }

  /** The name to prepare a text under; `undefined` when it is to be sent as it is. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= this.#limit) return known
    if (this.#seenOnce.delete(text)) {
      const name = `rapport_${fingerprint(text)}`
      this.#names.set(text, name)
      return name
    }
    this.#seenOnce.add(text)
    if (this.#seenOnce.size > this.#candidates) {
      const [oldest] = this.#seenOnce
      if (oldest !== undefined) this.#seenOnce.delete(oldest)
    }
    return undefined
  }
}
