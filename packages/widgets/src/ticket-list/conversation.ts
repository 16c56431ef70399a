import type { Failure } from '../element/failure.js'
import type { MessageRecord, TicketListGateway } from '../element/gateway.js'
import type { LoadState } from '../element/load-state.js'

/** How sending a reply stands. */
export type ReplyState = { readonly kind: 'idle' | 'loading' | 'ready' } | { readonly kind: 'empty' } | Failure

/** One opened ticket: its messages and what the visitor is writing. */
export interface Conversation {
  readonly messages: LoadState<readonly MessageRecord[]>
  /** Kept through every failure. */
  readonly draft: string
  readonly reply: ReplyState
  /** Key of the reply being sent, kept while the same text is tried again. */
  readonly replyKey: string | undefined
}

/** A conversation that was just opened. */
export const openedConversation: Conversation = {
  messages: { kind: 'loading' },
  draft: '',
  reply: { kind: 'idle' },
  replyKey: undefined,
}

/** Most messages of one conversation that are loaded. */
const mostMessages = 1000

/** The messages of a ticket, page after page, up to a thousand. */
export async function allMessages(
  client: TicketListGateway,
  ticketId: string,
  signal: AbortSignal,
): Promise<readonly MessageRecord[]> {
  const messages: MessageRecord[] = []
  let cursor: string | undefined
  do {
    const page = await client.tickets.messages(ticketId, { limit: 100, ...(cursor && { cursor }) }, { signal })
    messages.push(...page.items)
    cursor = page.items.length > 0 ? page.cursor : undefined
  } while (cursor !== undefined && messages.length < mostMessages)
  return messages
}

/** The messages a visitor may read, oldest first. The server decides; this is the second lock. */
export function readableMessages(messages: readonly MessageRecord[]): readonly MessageRecord[] {
  return messages
    .filter(({ visibility }) => visibility === 'public')
    .sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0))
}

const closedCategories: ReadonlySet<string> = new Set(['closed', 'merged', 'spam'])

/** Whether a ticket takes replies; a solved one does, and is opened again by it. */
export function takesReplies(category: string): boolean {
  return !closedCategories.has(category)
}
