import type { TicketDraft } from '../element/gateway.js'
import { randomKey } from '../element/random-key.js'

/**
 * The idempotency key of a submission. Sending the same ticket again, after an answer that got lost, keeps the key, so
 * that it is opened once; a changed ticket is another submission and gets another key.
 */
export class SubmissionKey {
  #last: { readonly text: string; readonly key: string } | undefined

  /** The key for this ticket. */
  of(input: TicketDraft): string {
    const text = JSON.stringify(input)
    if (this.#last?.text !== text) this.#last = { text, key: randomKey() }
    return this.#last.key
  }

  /** After a success: the same text again is a new ticket. */
  renew(): void {
    this.#last = undefined
  }
}
