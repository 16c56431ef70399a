import type { JSX } from 'preact'
import type { TicketRecord } from '../element/gateway.js'
import { isFailure, type LoadState } from '../element/load-state.js'
import type { Localiser } from '../localisation/localiser.js'
import { ValueChip } from '../parts/chip.js'
import { Icon } from '../parts/icon.js'
import { FailureNotice, Notice, RetryButton } from '../parts/notice.js'
import type { Conversation } from './conversation.js'
import { ConversationView } from './conversation-view.js'
import type { TicketPages } from './ticket-pages.js'

/** Everything the list's view depends on. */
export interface TicketListViewProps {
  readonly state: LoadState<TicketPages>
  readonly pages: TicketPages
  /** The opened tickets by id. */
  readonly conversations: ReadonlyMap<string, Conversation>
  readonly localiser: Localiser
  readonly onRetry: () => void
  readonly onMore: () => void
  readonly onToggle: (id: string) => void
  readonly onRetryMessages: (id: string) => void
  readonly onDraft: (id: string, draft: string) => void
  readonly onReply: (id: string) => void
}

/** The list in any of its states. */
export function TicketListView(props: TicketListViewProps): JSX.Element {
  const { localiser, pages, state } = props
  return (
    <section aria-labelledby="title">
      <h2 id="title" part="title" class="title">
        {localiser.text('list.title')}
      </h2>
      {pages.items.length > 0 ? <Tickets {...props} /> : <Placeholder {...props} />}
      {pages.items.length > 0 && isFailure(state) && (
        <div class="banner warn" part="notice">
          <Icon name="warning" />
          <span role="alert">{localiser.text(`${state.kind}.body`)}</span>
          <RetryButton failure={state} localiser={localiser} onRetry={props.onRetry} />
        </div>
      )}
    </section>
  )
}

function Tickets(props: TicketListViewProps): JSX.Element {
  const { pages, state, localiser } = props
  return (
    <>
      <ul class="tickets" part="tickets">
        {pages.items.map((ticket, index) => (
          <Ticket key={ticket.id} {...props} ticket={ticket} place={index} />
        ))}
      </ul>
      {pages.cursor !== undefined && !isFailure(state) && (
        <div class="more">
          <button
            type="button"
            class="button"
            part="button"
            aria-disabled={state.kind === 'loading'}
            onClick={props.onMore}
          >
            {localiser.text(state.kind === 'loading' ? 'loading' : 'list.more')}
          </button>
        </div>
      )}
    </>
  )
}

function Ticket(props: TicketListViewProps & { readonly ticket: TicketRecord; readonly place: number }): JSX.Element {
  const { ticket, place, localiser } = props
  const conversation = props.conversations.get(ticket.id)
  const panel = `conversation-${place}`
  return (
    <li class={conversation ? 'ticket open' : 'ticket'} part="ticket">
      <h3>
        <button
          type="button"
          class="toggle"
          aria-expanded={conversation !== undefined}
          aria-controls={conversation && panel}
          onClick={() => props.onToggle(ticket.id)}
        >
          <span class="words">
            <bdi class="subject">{ticket.subject}</bdi>
            <span class="meta muted small number">
              {ticket.number !== undefined && `#${ticket.number} · `}
              {localiser.text('list.opened', { day: localiser.day(ticket.createdAt) })}
            </span>
          </span>
          <ValueChip group="progress" value={ticket.category} localiser={localiser} />
          <Icon name="chevron" />
        </button>
      </h3>
      {conversation && (
        <ConversationView
          id={panel}
          ticket={ticket}
          conversation={conversation}
          localiser={localiser}
          onRetry={() => props.onRetryMessages(ticket.id)}
          onDraft={(draft) => props.onDraft(ticket.id, draft)}
          onReply={() => props.onReply(ticket.id)}
        />
      )}
    </li>
  )
}

function Placeholder({ state, localiser, onRetry }: TicketListViewProps): JSX.Element {
  if (isFailure(state)) return <FailureNotice failure={state} localiser={localiser} onRetry={onRetry} />
  if (state.kind === 'loading') {
    return (
      <div role="status" aria-label={localiser.text('loading')} class="skeleton">
        {['w3', 'w4', 'w2'].map((width) => (
          <div class="line" key={width} aria-hidden="true">
            <span class={`bone ${width}`} />
            <span class="bone w1" />
          </div>
        ))}
      </div>
    )
  }
  return (
    <Notice kind="empty" icon="chat" title={localiser.text('list.empty')} body={localiser.text('list.emptyBody')}>
      <slot name="empty" />
    </Notice>
  )
}
