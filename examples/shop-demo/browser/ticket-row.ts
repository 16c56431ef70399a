import type { Ticket } from '@rapport/core'
import { element } from './element.js'
import { categoryWords, sinceWords } from './ticket-words.js'

/** One line of the list of tickets. */
export function ticketRow(
  ticket: Ticket,
  customerName: string | undefined,
  { isChosen, onChoose }: { readonly isChosen: boolean; readonly onChoose: () => void },
): HTMLElement {
  const { id, number, subject, category, priority, createdAt } = ticket
  const isPressing = priority === 'high' || priority === 'urgent'
  return element(
    'li',
    {},
    element(
      'button',
      { type: 'button', class: 'ticket', 'data-ticket': id, 'aria-current': String(isChosen), onclick: onChoose },
      element('span', { class: 'ticket-subject' }, subject),
      element('span', { class: 'ticket-who' }, `${customerName ?? 'Customer'} · #${number} · ${sinceWords(createdAt)}`),
      element(
        'span',
        { class: 'chips' },
        element('span', { class: `chip chip-${category}` }, categoryWords(category)),
        isPressing ? element('span', { class: `chip chip-${priority}` }, priority) : undefined,
      ),
    ),
  )
}
