import type { TicketDraft } from '../element/gateway.js'
import type { MessageKey } from '../localisation/messages.js'

/** A field that the form can show. */
export type TicketFieldName = 'subject' | 'type' | 'priority' | 'message'

/** What the visitor typed or chose, per field. */
export type TicketAnswers = Readonly<Record<TicketFieldName, string>>

/** The facts of a field. */
export interface TicketField {
  readonly name: TicketFieldName
  /** Name of the value in the ticket that is sent, and of the path in the server's issues. */
  readonly property: 'subject' | 'type' | 'priority' | 'description'
  readonly label: MessageKey
  readonly hint?: MessageKey
  readonly required: boolean
  /** Greatest number of characters; choices have `options` instead. */
  readonly maxLength?: number
  readonly options?: readonly string[]
}

/** Every field, in the order in which the form shows them. */
export const ticketFields: readonly TicketField[] = [
  {
    name: 'type',
    property: 'type',
    label: 'form.type',
    required: false,
    options: ['question', 'complaint', 'suggestion', 'incident', 'request', 'return'],
  },
  {
    name: 'subject',
    property: 'subject',
    label: 'form.subject',
    hint: 'form.subjectHint',
    required: true,
    maxLength: 300,
  },
  {
    name: 'message',
    property: 'description',
    label: 'form.message',
    hint: 'form.messageHint',
    required: true,
    maxLength: 50_000,
  },
  {
    name: 'priority',
    property: 'priority',
    label: 'form.priority',
    required: false,
    options: ['low', 'normal', 'high', 'urgent'],
  },
]

/** Answers of a form that nobody has touched. */
export const noAnswers: TicketAnswers = { subject: '', type: '', priority: '', message: '' }

/** The fields of a space-separated list of names, in the form's order; the required ones are always there. */
export function chosenFields(names: string): readonly TicketField[] {
  const wanted = new Set(names.split(/\s+/))
  return ticketFields.filter(({ name, required }) => required || wanted.has(name))
}

/**
 * The ticket that answers make: trimmed, without the unanswered fields, and without a choice that is none of ours, as a
 * plain form may hold one.
 */
export function draftOf(answers: TicketAnswers, fields: readonly TicketField[]): TicketDraft {
  const answered = fields.flatMap(({ name, property, options }) => {
    const answer = answers[name].trim()
    return answer === '' || options?.includes(answer) === false ? [] : [[property, answer] as const]
  })
  const chosen: Partial<TicketDraft> = Object.fromEntries(answered)
  return { subject: '', description: '', channel: 'web', ...chosen }
}
