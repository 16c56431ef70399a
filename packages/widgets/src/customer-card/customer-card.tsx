import type { JSX } from 'preact'
import { Countdown } from '../element/countdown.js'
import { Epoch } from '../element/epoch.js'
import { failureHere } from '../element/failure.js'
import type { CustomerCardGateway, CustomerView } from '../element/gateway.js'
import type { LoadState } from '../element/load-state.js'
import { RapportElement } from '../element/rapport-element.js'
import type { Localiser } from '../localisation/localiser.js'
import { customerCardStyles } from './customer-card.styles.js'
import { customerCardTexts } from './customer-card.texts.js'
import { CustomerCardView } from './customer-card-view.js'

/**
 * Everything about one customer: profile, consent, orders, tickets, timeline and scores with their reasons.
 *
 * @tag rapport-customer-card
 * @attr contact-id - id of the contact to show
 * @attr theme - `auto`, `light` or `dark`
 * @fires rapport-ticket-open - a ticket was chosen
 * @fires rapport-error - loading failed
 * @slot footer - content below the sections, such as actions of the host
 */
export class RapportCustomerCard extends RapportElement {
  static readonly observedAttributes = [...RapportElement.sharedAttributes, 'contact-id']

  protected override readonly texts = customerCardTexts
  protected override readonly styles = [customerCardStyles]
  protected override readonly lateProperties = ['client', 'contactId']

  readonly #epoch = new Epoch()
  readonly #countdown = new Countdown(() => this.requestUpdate())
  #client: CustomerCardGateway | undefined
  #state: LoadState<CustomerView> = { kind: 'idle' }

  /** Where the customer is loaded from. Replacing it forgets the customer at once. */
  get client(): CustomerCardGateway | undefined {
    return this.#client
  }

  set client(client: CustomerCardGateway | undefined) {
    this.#client = client
    this.#restart()
  }

  /** Id of the contact to show; reflects `contact-id`. */
  get contactId(): string {
    return this.getAttribute('contact-id') ?? ''
  }

  set contactId(id: string) {
    if (id) this.setAttribute('contact-id', id)
    else this.removeAttribute('contact-id')
  }

  /** Loads again and keeps the present view until the answer is there. */
  refresh(): void {
    const client = this.#client
    if (!client || !this.contactId) return
    this.#epoch.advance()
    this.#countdown.stop()
    const data = this.#state.kind === 'ready' ? this.#state.data : undefined
    this.#state = { kind: 'loading', ...(data && { data }) }
    void this.#load(client, this.contactId)
    this.requestUpdate()
  }

  protected override connected(): void {
    if (this.#state.kind === 'rate-limited') this.#countdown.start(this.#state.retryAt)
    if (this.#state.kind === 'idle') this.refresh()
  }

  protected override disconnected(): void {
    this.#countdown.stop()
  }

  protected override attributeChanged(name: string): void {
    if (name === 'contact-id') this.#restart()
  }

  protected override view(localiser: Localiser): JSX.Element {
    this.reflectState(this.#state.kind)
    return (
      <CustomerCardView
        state={this.#state}
        localiser={localiser}
        onRetry={() => this.refresh()}
        onTicket={(id) => this.emit('rapport-ticket-open', { id })}
      />
    )
  }

  /** Another customer or another identity: nothing of the previous one stays. */
  #restart(): void {
    this.#epoch.advance()
    this.#countdown.stop()
    this.#state = { kind: 'idle' }
    if (this.isConnected) this.refresh()
    this.requestUpdate()
  }

  async #load(client: CustomerCardGateway, id: string): Promise<void> {
    const ticket = this.#epoch.ticket()
    try {
      const data = await client.contacts.view360(id, { signal: ticket.signal })
      if (!ticket.isCurrent()) return
      this.#state = { kind: 'ready', data }
    } catch (error) {
      const failure = failureHere(error)
      if (!ticket.isCurrent() || !failure) return
      this.#state = failure
      if (failure.kind === 'rate-limited') this.#countdown.start(failure.retryAt)
      this.emit('rapport-error', { code: failure.kind === 'error' ? failure.code : failure.kind })
    }
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rapport-customer-card': RapportCustomerCard
  }
}
