import type { Contact, Message, Ticket } from '@rapport/core'
import type { RapportClient } from '@rapport/http/client'
import { conversationView } from './conversation-view.js'
import { byId, element } from './element.js'
import { ticketRow } from './ticket-row.js'

/** What the desk tells the page. */
export interface TicketDeskEvents {
  /** How many tickets are open. */
  onOpenCount(count: number): void
  /** Somebody chose a ticket. */
  onChoose(id: string): void
}

/** The tickets of all customers: a list, the chosen conversation, and the actions of staff. */
export interface TicketDesk {
  /** Loads the list, and the chosen conversation, again. */
  refresh(): Promise<void>
  /** Shows a ticket, or none. */
  choose(id: string | undefined): Promise<void>
}

const done = ['resolved', 'closed', 'merged', 'spam']
const mostShown = 100

/** Takes over the elements of the tickets view. */
export function ticketDesk(client: RapportClient, events: TicketDeskEvents): TicketDesk {
  const rows = byId('ticket-rows')
  const status = byId('ticket-status')
  const conversation = byId('conversation')
  const filters = [...document.querySelectorAll<HTMLButtonElement>('[data-filter]')]
  const contacts = new Map<string, Contact>()
  let showsDone = false
  let chosen: string | undefined
  let shownConversation = ''

  for (const button of filters) {
    button.addEventListener('click', () => {
      showsDone = button.dataset.filter === 'done'
      for (const other of filters) other.setAttribute('aria-pressed', String(other === button))
      void refresh()
    })
  }

  async function refresh(): Promise<void> {
    try {
      const isDone = { category: { in: done } }
      const page = await client.tickets.find({
        where: showsDone ? isDone : { not: isDone },
        orderBy: ['-createdAt'],
        limit: mostShown,
      })
      await nameContacts(page.items)
      drawRows(page.items)
      if (!showsDone) events.onOpenCount(page.items.length)
      status.textContent = page.items.length === 0 ? 'Nothing to do here.' : ''
      if (chosen !== undefined) await drawConversation(chosen)
    } catch {
      status.textContent = 'The tickets could not be loaded. They are asked for again in a few seconds.'
    }
  }

  async function nameContacts(tickets: readonly Ticket[]): Promise<void> {
    const unknown = [...new Set(tickets.map(({ contactId }) => contactId))].filter((id) => !contacts.has(id))
    if (unknown.length === 0) return
    const page = await client.contacts.find({ where: { id: { in: unknown } }, limit: unknown.length })
    for (const contact of page.items) contacts.set(contact.id, contact)
  }

  function drawRows(tickets: readonly Ticket[]): void {
    const focused = rows.querySelector<HTMLElement>(':focus')?.dataset.ticket
    rows.replaceChildren(
      ...tickets.map((ticket) =>
        ticketRow(ticket, contacts.get(ticket.contactId)?.fullName, {
          isChosen: ticket.id === chosen,
          onChoose: () => events.onChoose(ticket.id),
        }),
      ),
    )
    if (focused) rows.querySelector<HTMLElement>(`[data-ticket="${focused}"]`)?.focus()
  }

  async function drawConversation(id: string): Promise<void> {
    const [ticket, messages] = await Promise.all([client.tickets.get(id), client.tickets.messages(id, { limit: 100 })])
    if (id !== chosen) return
    await nameContacts([ticket])
    // Drawn again only when something is new, so that nobody loses what they are typing.
    const shown = JSON.stringify([ticket.version, messages.items.length, id])
    if (shown === shownConversation) return
    shownConversation = shown
    const draft = conversation.querySelector('textarea')?.value ?? ''
    conversation.replaceChildren(viewOf(ticket, messages.items, draft))
  }

  function viewOf(ticket: Ticket, messages: readonly Message[], draft: string): Node {
    const act = async (work: () => Promise<unknown>): Promise<void> => {
      await work()
      shownConversation = ''
      await refresh()
    }
    return conversationView({
      ticket,
      messages,
      draft,
      customerName: contacts.get(ticket.contactId)?.fullName ?? 'Customer',
      isDone: done.includes(ticket.category),
      onReply: async (body, visibility) => {
        await client.tickets.reply(ticket.id, { body, visibility })
        const field = conversation.querySelector('textarea')
        if (field) field.value = ''
        await act(async () => undefined)
      },
      onResolve: () => act(() => client.tickets.resolve(ticket.id)),
      onReopen: () => act(() => client.tickets.reopen(ticket.id)),
    })
  }

  return {
    refresh,
    async choose(id) {
      if (id === chosen) return
      chosen = id
      shownConversation = ''
      for (const row of rows.querySelectorAll<HTMLElement>('[data-ticket]')) {
        row.setAttribute('aria-current', String(row.dataset.ticket === id))
      }
      if (id === undefined) {
        const words = 'Choose a ticket to read it and to answer.'
        conversation.replaceChildren(element('p', { class: 'placeholder' }, words))
        return
      }
      try {
        await drawConversation(id)
      } catch {
        const words = 'This ticket could not be loaded.'
        conversation.replaceChildren(element('p', { class: 'placeholder' }, words))
      }
    },
  }
}
