import type { CallOptions, TicketDraft, TicketFormGateway } from '../element/gateway.js'
import { noAnswers, type TicketAnswers, type TicketFieldName, ticketFields } from './ticket-field.js'

/**
 * The form that a page puts inside the element so that it works without JavaScript: what it asks, what was typed into
 * it so far, and where it goes.
 */
export interface PlainForm {
  /** Names of the fields that the form has. */
  readonly fields: string
  readonly answers: TicketAnswers
  /** The field in which the visitor is typing right now. */
  readonly focused: TicketFieldName | undefined
  /** Sends a ticket the way the form would. */
  readonly gateway: TicketFormGateway
}

/** Reads the form. Its fields may be named as ours (`message`) or as the ticket's property (`description`). */
export function readPlainForm(form: HTMLFormElement): PlainForm {
  const data = new FormData(form)
  const active = form.ownerDocument.activeElement
  const answers: Record<TicketFieldName, string> = { ...noAnswers }
  const names: TicketFieldName[] = []
  let focused: TicketFieldName | undefined
  for (const { name, property } of ticketFields) {
    const control = form.elements.namedItem(name) ?? form.elements.namedItem(property)
    if (!control) continue
    names.push(name)
    const value = data.get(name) ?? data.get(property)
    answers[name] = typeof value === 'string' ? value : ''
    if (control === active) focused = name
  }
  return { fields: names.join(' '), answers, focused, gateway: { tickets: { open: (...call) => post(form, ...call) } } }
}

/** Posts what the form would post, hidden fields included, with the ticket's values in place of what it holds. */
async function post(form: HTMLFormElement, input: TicketDraft, options: CallOptions = {}): Promise<{ id?: string }> {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.set(name, value)
  for (const { name } of ticketFields) body.delete(name)
  for (const [name, value] of Object.entries(input)) if (value !== undefined) body.set(name, value)
  const response = await fetch(form.action, {
    method: 'POST',
    body,
    credentials: 'same-origin',
    // The answer to a plain form leads to a page; that it leads anywhere is all we need to know.
    redirect: 'manual',
    headers: {
      accept: 'application/problem+json, application/json;q=0.9, */*;q=0.1',
      ...(options.idempotencyKey && { 'idempotency-key': options.idempotencyKey }),
    },
    ...(options.signal && { signal: options.signal }),
  })
  if (response.type === 'opaqueredirect' || response.ok) return {}
  throw await refusalOf(response)
}

async function refusalOf(response: Response): Promise<Error> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  const problem: unknown = isProblem ? await response.json().catch(() => ({})) : {}
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const wait = Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}
  return Object.assign(new Error('The form was refused'), problem, { status: response.status }, wait)
}
