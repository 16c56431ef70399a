/**
 * The few calls and the few fields that elements need. The HTTP client and a core session both satisfy these ports; so
 * does any object of the host's own.
 */

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** Makes a repeated submission harmless: same key and same input give the same answer. */
  readonly idempotencyKey?: string
}

/** A page of a list; `cursor` is present while there is more. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly cursor?: string
}

/** What elements ask a list for. */
export interface ListQuery {
  readonly orderBy?: string[]
  readonly limit?: number
  readonly cursor?: string
}

/** An amount in integer minor units (cents) of an ISO 4217 currency. */
export interface Money {
  readonly amountMinor: number
  readonly currency: string
}

/** A contact as far as the table and the card read it. */
export interface CustomerRecord {
  readonly id: string
  readonly fullName?: string
  readonly primaryEmail?: string
  readonly primaryPhone?: string
  readonly jobTitle?: string
  readonly locale?: string
  readonly lifecycleStage?: string
  readonly lastOrderAt?: string
  readonly firstOrderAt?: string
  readonly orderCount?: number
  readonly tags?: readonly string[]
  readonly scores?: CustomerScores
}

/** The scores that are projected onto a contact. */
export interface CustomerScores {
  readonly rfm?: { readonly segment?: string }
  /** `amountMinor` and `currency` together are the lifetime value; `probabilityAlive` is 0 to 1. */
  readonly clv?: Partial<Money> & { readonly probabilityAlive?: number }
  readonly value?: { readonly tier?: string }
}

/** A ticket as far as elements read it. */
export interface TicketRecord {
  readonly id: string
  readonly number?: number | string
  readonly subject: string
  readonly category: string
  readonly priority?: string
  readonly type?: string
  readonly createdAt: string
  readonly updatedAt?: string
}

/** A message of a ticket's conversation. */
export interface MessageRecord {
  readonly id: string
  readonly author: { readonly type: string; readonly id?: string; readonly name?: string }
  readonly visibility: string
  readonly body: string
  readonly at: string
}

/** What the ticket form sends. */
export interface TicketDraft {
  readonly subject: string
  readonly description: string
  readonly type?: 'question' | 'complaint' | 'suggestion' | 'incident' | 'request' | 'return'
  readonly priority?: 'low' | 'normal' | 'high' | 'urgent'
  /** Without it the ticket is the signed-in visitor's. */
  readonly contactId?: string
  readonly channel: 'web'
}

/** One reason behind a score: `what` is a code, `effect` its direction, `evidence` the fact it rests on. */
export interface ScoreReason {
  readonly what: string
  readonly effect: string
  readonly evidence?: unknown
}

/** A score of a customer. */
export interface ScoreRecord {
  readonly model: string
  readonly value: number
  readonly label?: string
  /** Limits of the value, in its unit. */
  readonly interval?: { readonly low: number; readonly high: number }
  readonly asOf?: string
  readonly reasons?: readonly ScoreReason[]
  /** What the score was computed with; `currency` tells what amounts of it are in. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** Everything about one customer, as the card shows it. */
export interface CustomerView {
  readonly contact: CustomerRecord
  readonly consents: readonly ConsentRecord[]
  readonly orders: { readonly items: readonly OrderRecord[]; readonly count: number; readonly totals: readonly Money[] }
  readonly tickets: { readonly items: readonly TicketRecord[]; readonly openCount: number }
  readonly timeline: { readonly items: readonly TimelineRecord[] }
  readonly companies?: readonly { readonly company: { readonly id: string; readonly name: string } }[]
  readonly scores: readonly ScoreRecord[]
}

/** A consent decision: whether `purpose` over `channel` is granted. */
export interface ConsentRecord {
  readonly id: string
  readonly purpose: string
  readonly channel?: string
  readonly status: string
}

/** An order as the card lists it. */
export interface OrderRecord {
  readonly id: string
  readonly placedAt: string
  readonly status: string
  readonly total: Money
  readonly items?: readonly { readonly name: string; readonly quantity: number }[]
}

/** One line of a customer's history. */
export interface TimelineRecord {
  readonly recordType: string
  readonly recordId: string
  readonly at: string
  readonly title: string
}

/** What `<rapport-customer-table>` needs. */
export interface CustomerTableGateway {
  readonly contacts: { find(query: ListQuery, options?: CallOptions): Promise<Page<CustomerRecord>> }
}

/** What `<rapport-customer-card>` needs. */
export interface CustomerCardGateway {
  readonly contacts: { view360(id: string, options?: CallOptions): Promise<CustomerView> }
}

/** What `<rapport-ticket-form>` needs. */
export interface TicketFormGateway {
  readonly tickets: {
    open(
      input: TicketDraft,
      options?: CallOptions,
    ): Promise<{ readonly id?: string; readonly number?: number | string }>
  }
}

/** What `<rapport-ticket-list>` needs. */
export interface TicketListGateway {
  readonly tickets: {
    find(query: ListQuery, options?: CallOptions): Promise<Page<TicketRecord>>
    messages(
      ticketId: string,
      query?: { readonly limit?: number; readonly cursor?: string },
      options?: CallOptions,
    ): Promise<Page<MessageRecord>>
    reply(
      ticketId: string,
      input: { readonly body: string; readonly visibility: 'public' },
      options?: CallOptions,
    ): Promise<unknown>
  }
}
