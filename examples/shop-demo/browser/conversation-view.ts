import type { Message, Ticket } from '@rapport/core'
import { element } from './element.js'
import { categoryWords, momentWords } from './ticket-words.js'

/** What a conversation shows and what can be done with it. */
export interface ConversationOptions {
  readonly ticket: Ticket
  readonly messages: readonly Message[]
  readonly customerName: string
  readonly isDone: boolean
  /** What was being typed before the view was drawn again. */
  readonly draft: string
  onReply(body: string, visibility: 'public' | 'internal'): Promise<void>
  onResolve(): Promise<void>
  onReopen(): Promise<void>
}

/** A ticket with its messages and a box to answer. */
export function conversationView(options: ConversationOptions): Node {
  const { ticket, messages, customerName, isDone, onResolve, onReopen } = options
  const problem = element('p', { class: 'problem', role: 'alert' })
  const attempt = (work: () => Promise<void>): void => {
    problem.textContent = ''
    work().catch((error: unknown) => {
      problem.textContent = error instanceof Error ? error.message : 'This did not work. Try it again.'
    })
  }
  return element(
    'div',
    { class: 'conversation' },
    element(
      'header',
      {},
      element('h2', {}, ticket.subject),
      element(
        'p',
        { class: 'muted' },
        `#${ticket.number} · `,
        element('a', { href: `#customer=${ticket.contactId}` }, customerName),
        ` · ${ticket.type} · ${ticket.priority} · ${categoryWords(ticket.category)}`,
      ),
      isDone
        ? element('button', { type: 'button', onclick: () => attempt(onReopen) }, 'Reopen')
        : element('button', { type: 'button', onclick: () => attempt(onResolve) }, 'Resolve'),
    ),
    element('ol', { class: 'messages' }, ...messages.map((message) => messageView(message, customerName))),
    isDone && ticket.category !== 'resolved' ? undefined : replyForm(options, attempt),
    problem,
  )
}

function messageView({ author, direction, body, at }: Message, customerName: string): HTMLElement {
  const name = author.type === 'contact' ? customerName : (author.name ?? 'Staff')
  return element(
    'li',
    { class: `message message-${direction}` },
    element(
      'p',
      { class: 'message-head' },
      element('b', {}, name),
      direction === 'internal' ? element('span', { class: 'chip' }, 'internal note') : undefined,
      element('time', { datetime: at }, momentWords(at)),
    ),
    element('p', { class: 'message-body' }, body),
  )
}

function replyForm({ draft, onReply }: ConversationOptions, attempt: (work: () => Promise<void>) => void): HTMLElement {
  const field = element('textarea', { id: 'reply', rows: '4', required: true, maxlength: '50000' })
  field.value = draft
  const note = element('input', { type: 'checkbox', id: 'internal' })
  return element(
    'form',
    {
      class: 'reply',
      onsubmit: (event) => {
        event.preventDefault()
        const body = field.value.trim()
        if (body !== '') attempt(() => onReply(body, note.checked ? 'internal' : 'public'))
      },
    },
    element('label', { for: 'reply' }, 'Your answer'),
    field,
    element(
      'p',
      { class: 'reply-foot' },
      element('label', { for: 'internal' }, note, ' Internal note'),
      element('button', { class: 'primary' }, 'Send'),
    ),
  )
}
