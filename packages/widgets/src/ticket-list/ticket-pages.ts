import type { TicketRecord } from '../element/gateway.js'

/** The tickets loaded so far. */
export interface TicketPages {
  readonly items: readonly TicketRecord[]
  /** Present while there are more. */
  readonly cursor?: string
}
