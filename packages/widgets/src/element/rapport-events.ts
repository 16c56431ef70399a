import type { TicketDraft } from './gateway.js'

/** The events of Rapport's elements. All bubble and cross shadow boundaries. */
export interface RapportEventMap {
  /** Someone wants to see a customer. Fired by `<rapport-customer-table>`. */
  'rapport-open': CustomEvent<{ readonly id: string }>
  /** Someone wants to see a ticket. Fired by `<rapport-customer-card>`. */
  'rapport-ticket-open': CustomEvent<{ readonly id: string }>
  /** Before a ticket is sent; `preventDefault()` keeps it from being sent. Fired by `<rapport-ticket-form>`. */
  'rapport-submit': CustomEvent<{ readonly input: TicketDraft; readonly idempotencyKey: string }>
  /** After the server took a ticket; `id` and `number` as far as the server told them. */
  'rapport-submitted': CustomEvent<{ readonly id?: string; readonly number?: string }>
  /** Before a reply is sent; `preventDefault()` keeps it from being sent. Fired by `<rapport-ticket-list>`. */
  'rapport-reply': CustomEvent<{ readonly ticketId: string; readonly body: string }>
  /** After the server took a reply. */
  'rapport-replied': CustomEvent<{ readonly ticketId: string }>
  /** A call failed; `code` is one of the stable error codes, or `offline`. */
  'rapport-error': CustomEvent<{ readonly code: string }>
}

declare global {
  interface HTMLElementEventMap extends RapportEventMap {}
}
