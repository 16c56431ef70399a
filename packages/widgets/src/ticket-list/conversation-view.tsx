import type { JSX } from 'preact'
import type { MessageRecord, TicketRecord } from '../element/gateway.js'
import { isFailure } from '../element/load-state.js'
import type { Localiser } from '../localisation/localiser.js'
import { FailureNotice } from '../parts/notice.js'
import { type Conversation, takesReplies } from './conversation.js'
import { ReplyBox } from './reply-box.js'

/** What was said about a ticket, and the box to say more. */
export function ConversationView(props: {
  readonly id: string
  readonly ticket: TicketRecord
  readonly conversation: Conversation
  readonly localiser: Localiser
  readonly onRetry: () => void
  readonly onDraft: (draft: string) => void
  readonly onReply: () => void
}): JSX.Element {
  const { id, ticket, conversation, localiser } = props
  return (
    <section
      id={id}
      class="conversation"
      part="conversation"
      aria-label={localiser.text('list.conversation', { subject: ticket.subject })}
    >
      <Messages {...props} />
      {takesReplies(ticket.category) ? (
        <ReplyBox
          id={`${id}-reply`}
          conversation={conversation}
          localiser={localiser}
          onDraft={props.onDraft}
          onReply={props.onReply}
        />
      ) : (
        <p class="muted small">{localiser.text('list.closed')}</p>
      )}
    </section>
  )
}

function Messages(props: {
  readonly conversation: Conversation
  readonly localiser: Localiser
  readonly onRetry: () => void
}): JSX.Element {
  const { localiser, onRetry } = props
  const state = props.conversation.messages
  if (isFailure(state)) return <FailureNotice failure={state} localiser={localiser} onRetry={onRetry} />
  if (state.kind === 'ready') {
    return (
      <ol class="messages">
        {state.data.map((message) => (
          <Message key={message.id} message={message} localiser={localiser} />
        ))}
      </ol>
    )
  }
  if (state.kind === 'empty') return <p class="muted">{localiser.text('list.noMessages')}</p>
  return (
    <div role="status" aria-label={localiser.text('loading')} class="messages">
      <span class="bone w3" />
      <span class="bone w2" />
    </div>
  )
}

/** One message. Its body is data: it is shown as it was written, never as markup. */
function Message({
  message,
  localiser,
}: {
  readonly message: MessageRecord
  readonly localiser: Localiser
}): JSX.Element {
  const own = message.author.type === 'contact'
  const name = own ? localiser.text('list.you') : (message.author.name ?? localiser.text('list.team'))
  return (
    <li class={own ? 'message own' : 'message'} part="message">
      <p class="byline small">
        <span class="strong">{name}</span>{' '}
        <time class="muted number" dateTime={message.at}>
          {localiser.dayAndTime(message.at)}
        </time>
      </p>
      <p class="bubble" dir="auto">
        {message.body}
      </p>
    </li>
  )
}
