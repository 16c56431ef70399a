import type { JSX } from 'preact'
import { Countdown } from '../element/countdown.js'
import { Epoch } from '../element/epoch.js'
import { type Failure, failureHere } from '../element/failure.js'
import type { TicketDraft, TicketFormGateway } from '../element/gateway.js'
import { RapportElement } from '../element/rapport-element.js'
import type { Localiser } from '../localisation/localiser.js'
import { controlStyles } from '../parts/control.styles.js'
import { type AnswerProblem, problemsOf, problemsOfIssues } from './answer-problems.js'
import { type PlainForm, readPlainForm } from './plain-form.js'
import { SubmissionKey } from './submission-key.js'
import type { SubmissionState } from './submission-state.js'
import {
  chosenFields,
  draftOf,
  noAnswers,
  type TicketAnswers,
  type TicketField,
  type TicketFieldName,
} from './ticket-field.js'
import { ticketFormStyles } from './ticket-form.styles.js'
import { ticketFormTexts } from './ticket-form.texts.js'
import { TicketFormView } from './ticket-form-view.js'

/**
 * A form that opens a support ticket. A plain `<form method="post">` inside it works without JavaScript and is taken
 * over, with what was typed already, once the element is defined.
 *
 * @tag rapport-ticket-form
 * @attr fields - names of the fields to show: `subject`, `message`, `type`, `priority`
 * @attr contact-id - contact to open the ticket for; without it, the server takes the visitor who is signed in
 * @attr theme - `auto`, `light` or `dark`
 * @fires rapport-submit - before sending; cancelable
 * @fires rapport-submitted - after the server took it
 * @fires rapport-error - sending failed
 */
export class RapportTicketForm extends RapportElement {
  static readonly observedAttributes = [...RapportElement.sharedAttributes, 'fields', 'contact-id']

  protected override readonly texts = ticketFormTexts
  protected override readonly styles = [controlStyles, ticketFormStyles]
  protected override readonly lateProperties = ['client']

  readonly #epoch = new Epoch()
  readonly #submissionKey = new SubmissionKey()
  readonly #countdown = new Countdown(() => this.requestUpdate())
  readonly #online = (): void => {
    if (this.#state.kind === 'offline') this.#become({ kind: 'idle' })
  }
  #client: TicketFormGateway | undefined
  #plainForm: PlainForm | undefined
  #answers: TicketAnswers = noAnswers
  #problems: readonly AnswerProblem[] = []
  #state: SubmissionState = { kind: 'idle' }
  #focusDue: string | undefined

  /** Where tickets are sent. Replacing it forgets what the previous visitor typed. */
  get client(): TicketFormGateway | undefined {
    return this.#client
  }

  set client(client: TicketFormGateway | undefined) {
    const hadVisitor = this.#client !== undefined
    this.#client = client
    this.#epoch.advance()
    if (hadVisitor) this.reset()
  }

  /** Empties the form for another ticket. */
  reset(): void {
    this.#answers = noAnswers
    this.#problems = []
    this.#submissionKey.renew()
    this.#become({ kind: 'idle' })
  }

  protected override connected(): void {
    window.addEventListener('online', this.#online)
    if (this.#state.kind === 'rate-limited') this.#countdown.start(this.#state.retryAt)
    const form = this.querySelector('form')
    if (!form || this.#plainForm) return
    this.#plainForm = readPlainForm(form)
    this.#answers = this.#plainForm.answers
    this.#focusDue = this.#plainForm.focused
  }

  protected override disconnected(): void {
    window.removeEventListener('online', this.#online)
    this.#countdown.stop()
  }

  protected override view(localiser: Localiser): JSX.Element {
    this.reflectState(this.#state.kind)
    return (
      <TicketFormView
        fields={this.#fields}
        answers={this.#answers}
        problems={this.#problems}
        state={this.#state}
        localiser={localiser}
        onAnswer={(name, value) => this.#answer(name, value)}
        onSubmit={() => this.#submit()}
        onFocus={(id) => this.#focus(id)}
        onAnother={() => {
          this.reset()
          this.#focus('subject')
        }}
      />
    )
  }

  protected override drawn(): void {
    const id = this.#focusDue
    this.#focusDue = undefined
    if (id) this.shadowRoot?.getElementById(id)?.focus()
  }

  get #fields(): readonly TicketField[] {
    return chosenFields(this.getAttribute('fields') ?? this.#plainForm?.fields ?? 'subject message type')
  }

  #answer(name: TicketFieldName, value: string): void {
    this.#answers = { ...this.#answers, [name]: value }
    if (this.#problems.some(({ field }) => field === name)) {
      this.#problems = this.#problems.filter(({ field }) => field !== name)
    }
    this.requestUpdate()
  }

  #submit(): void {
    if (this.#state.kind === 'loading' || (this.#state.kind === 'rate-limited' && this.#mustWait(this.#state))) return
    this.#problems = problemsOf(this.#answers, this.#fields)
    if (this.#problems.length > 0) {
      this.#become({ kind: 'idle' })
      this.#focus('summary')
      return
    }
    const input = this.#draft()
    const idempotencyKey = this.#submissionKey.of(input)
    if (!this.emit('rapport-submit', { input, idempotencyKey }, { cancelable: true })) return
    void this.#send(input, idempotencyKey)
  }

  #mustWait({ retryAt }: { readonly retryAt: number }): boolean {
    return performance.now() < retryAt
  }

  #draft(): TicketDraft {
    const contactId = this.getAttribute('contact-id')
    return { ...draftOf(this.#answers, this.#fields), ...(contactId && { contactId }) }
  }

  async #send(input: TicketDraft, idempotencyKey: string): Promise<void> {
    const ticket = this.#epoch.ticket()
    const { signal } = ticket
    this.#become({ kind: 'loading' })
    try {
      const gateway = this.#client ?? this.#plainForm?.gateway
      if (!gateway) throw new TypeError('rapport-ticket-form: set the client property, or put a form inside')
      const opened = await gateway.tickets.open(input, { signal, idempotencyKey })
      if (!ticket.isCurrent()) return
      const number = opened.number === undefined ? {} : { number: String(opened.number) }
      this.reset()
      this.#become({ kind: 'ready', ...number })
      this.#focus('sent')
      this.emit('rapport-submitted', { ...(opened.id !== undefined && { id: opened.id }), ...number })
    } catch (error) {
      const failure = failureHere(error)
      if (ticket.isCurrent() && failure) this.#fail(failure)
    }
  }

  #fail(failure: Failure): void {
    this.#problems = failure.kind === 'error' ? problemsOfIssues(failure.issues, this.#fields) : []
    this.#become(this.#problems.length > 0 ? { kind: 'idle' } : failure)
    this.#focus(this.#problems.length > 0 ? 'summary' : 'failure')
    if (failure.kind === 'rate-limited') this.#countdown.start(failure.retryAt)
    this.emit('rapport-error', { code: failure.kind === 'error' ? failure.code : failure.kind })
  }

  #become(state: SubmissionState): void {
    this.#state = state
    this.requestUpdate()
  }

  #focus(id: string): void {
    this.#focusDue = id
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rapport-ticket-form': RapportTicketForm
  }
}
