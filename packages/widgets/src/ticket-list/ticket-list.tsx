import type { JSX } from 'preact'
import { Countdown } from '../element/countdown.js'
import { Epoch } from '../element/epoch.js'
import { type Failure, failureHere } from '../element/failure.js'
import type { TicketListGateway } from '../element/gateway.js'
import { type LoadState, settled } from '../element/load-state.js'
import { randomKey } from '../element/random-key.js'
import { RapportElement } from '../element/rapport-element.js'
import type { Localiser } from '../localisation/localiser.js'
import { controlStyles } from '../parts/control.styles.js'
import { allMessages, type Conversation, openedConversation, readableMessages } from './conversation.js'
import { ticketListStyles } from './ticket-list.styles.js'
import { ticketListTexts } from './ticket-list.texts.js'
import { TicketListView } from './ticket-list-view.js'
import type { TicketPages } from './ticket-pages.js'

/** Tickets per request. */
const pageSize = 20

/**
 * The visitor's own tickets, each with its conversation and a box for a reply.
 *
 * @tag rapport-ticket-list
 * @attr theme - `auto`, `light` or `dark`
 * @fires rapport-reply - before a reply is sent; cancelable
 * @fires rapport-replied - after the server took it
 * @fires rapport-error - a call failed
 * @slot empty - content below the words that there are no tickets
 */
export class RapportTicketList extends RapportElement {
  static readonly observedAttributes = [...RapportElement.sharedAttributes]

  protected override readonly texts = ticketListTexts
  protected override readonly styles = [controlStyles, ticketListStyles]
  protected override readonly lateProperties = ['client']

  readonly #epoch = new Epoch()
  /** Ends with each request for tickets too, so that of two under way only the later one counts. */
  readonly #paging = new Epoch()
  readonly #countdown = new Countdown(() => this.requestUpdate())
  readonly #conversations = new Map<string, Conversation>()
  #client: TicketListGateway | undefined
  #pages: TicketPages = { items: [] }
  #state: LoadState<TicketPages> = { kind: 'idle' }

  /**
   * Where tickets come from, and with it who the visitor is. Replacing it is atomic: calls under way are aborted, their
   * late answers dropped, and tickets, conversations and drafts of the previous visitor forgotten before the first call
   * of the next.
   */
  get client(): TicketListGateway | undefined {
    return this.#client
  }

  set client(client: TicketListGateway | undefined) {
    this.#epoch.advance()
    this.#paging.advance()
    this.#countdown.stop()
    this.#conversations.clear()
    this.#pages = { items: [] }
    this.#state = { kind: 'idle' }
    this.#client = client
    if (this.isConnected) this.refresh()
    this.requestUpdate()
  }

  /** Loads the tickets again; opened conversations stay open. */
  refresh(): void {
    if (this.#client) void this.#loadPage(this.#client, undefined)
  }

  protected override connected(): void {
    if (this.#state.kind === 'rate-limited') this.#countdown.start(this.#state.retryAt)
    if (this.#state.kind === 'idle') this.refresh()
  }

  protected override disconnected(): void {
    this.#countdown.stop()
  }

  protected override view(localiser: Localiser): JSX.Element {
    this.reflectState(this.#state.kind)
    return (
      <TicketListView
        state={this.#state}
        pages={this.#pages}
        conversations={this.#conversations}
        localiser={localiser}
        onRetry={() => this.#retry()}
        onMore={() => this.#more()}
        onToggle={(id) => this.#toggle(id)}
        onRetryMessages={(id) => this.#open(id)}
        onDraft={(id, draft) => this.#change(id, { draft, reply: { kind: 'idle' } })}
        onReply={(id) => this.#reply(id)}
      />
    )
  }

  #retry(): void {
    if (this.#client) void this.#loadPage(this.#client, this.#pages.cursor)
  }

  #more(): void {
    if (this.#client && this.#pages.cursor && this.#state.kind !== 'loading') this.#retry()
  }

  async #loadPage(client: TicketListGateway, cursor: string | undefined): Promise<void> {
    this.#paging.advance()
    const ticket = this.#paging.ticket()
    this.#countdown.stop()
    this.#become({ kind: 'loading', data: this.#pages })
    try {
      const query = { orderBy: ['-createdAt'], limit: pageSize, ...(cursor && { cursor }) }
      const page = await client.tickets.find(query, { signal: ticket.signal })
      if (!ticket.isCurrent()) return
      const items = cursor ? [...this.#pages.items, ...page.items] : page.items
      this.#pages = { items, ...(page.cursor && { cursor: page.cursor }) }
      this.#become(settled(this.#pages, () => items.length === 0))
    } catch (error) {
      const failure = failureHere(error)
      if (!ticket.isCurrent() || !failure) return
      this.#become(failure)
      this.#report(failure)
    }
  }

  #toggle(id: string): void {
    if (!this.#conversations.delete(id)) this.#open(id)
    this.requestUpdate()
  }

  #open(id: string): void {
    if (!this.#client) return
    this.#conversations.set(id, { ...openedConversation, draft: this.#conversations.get(id)?.draft ?? '' })
    this.requestUpdate()
    void this.#loadMessages(this.#client, id)
  }

  async #loadMessages(client: TicketListGateway, id: string): Promise<void> {
    const ticket = this.#epoch.ticket()
    try {
      const messages = readableMessages(await allMessages(client, id, ticket.signal))
      if (!ticket.isCurrent()) return
      this.#change(id, { messages: settled(messages, () => messages.length === 0) })
    } catch (error) {
      const failure = failureHere(error)
      if (!ticket.isCurrent() || !failure) return
      this.#change(id, { messages: failure })
      this.#report(failure)
    }
  }

  #reply(id: string): void {
    const conversation = this.#conversations.get(id)
    const client = this.#client
    if (!client || !conversation || conversation.reply.kind === 'loading') return
    const body = conversation.draft.trim()
    if (body === '') {
      this.#change(id, { reply: { kind: 'empty' } })
      return
    }
    if (!this.emit('rapport-reply', { ticketId: id, body }, { cancelable: true })) return
    void this.#send(client, id, body)
  }

  async #send(client: TicketListGateway, id: string, body: string): Promise<void> {
    const ticket = this.#epoch.ticket()
    const { signal } = ticket
    const idempotencyKey = this.#conversations.get(id)?.replyKey ?? randomKey()
    this.#change(id, { reply: { kind: 'loading' }, replyKey: idempotencyKey })
    try {
      await client.tickets.reply(id, { body, visibility: 'public' }, { signal, idempotencyKey })
      if (!ticket.isCurrent()) return
      this.#change(id, { draft: '', reply: { kind: 'ready' }, replyKey: undefined })
      this.emit('rapport-replied', { ticketId: id })
      await this.#loadMessages(client, id)
    } catch (error) {
      const failure = failureHere(error)
      if (!ticket.isCurrent() || !failure) return
      this.#change(id, { reply: failure })
      this.#report(failure)
    }
  }

  /** Changes a conversation if it is still open. Another draft is another reply and needs another key. */
  #change(id: string, change: Partial<Conversation>): void {
    const conversation = this.#conversations.get(id)
    if (!conversation) return
    const renewed = change.draft !== undefined ? { replyKey: undefined } : {}
    this.#conversations.set(id, { ...conversation, ...renewed, ...change })
    this.requestUpdate()
  }

  #report(failure: Failure): void {
    if (failure.kind === 'rate-limited') this.#countdown.start(failure.retryAt)
    this.emit('rapport-error', { code: failure.kind === 'error' ? failure.code : failure.kind })
  }

  #become(state: LoadState<TicketPages>): void {
    this.#state = state
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rapport-ticket-list': RapportTicketList
  }
}
