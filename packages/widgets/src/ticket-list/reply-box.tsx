import type { JSX } from 'preact'
import { secondsUntil } from '../element/countdown.js'
import { isFailure } from '../element/load-state.js'
import type { Localiser } from '../localisation/localiser.js'
import type { Conversation } from './conversation.js'

/** The box for a reply. What was typed stays until the server has it. */
export function ReplyBox(props: {
  readonly id: string
  readonly conversation: Conversation
  readonly localiser: Localiser
  readonly onDraft: (draft: string) => void
  readonly onReply: () => void
}): JSX.Element {
  const { id, conversation, localiser } = props
  const { reply, draft } = conversation
  const wait = reply.kind === 'rate-limited' ? secondsUntil(reply.retryAt, performance.now()) : 0
  const busy = reply.kind === 'loading'
  const problem = problemOf(conversation, localiser)
  return (
    <form
      class="reply"
      part="composer"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy && wait === 0) props.onReply()
      }}
    >
      <div class={problem ? 'field invalid' : 'field'}>
        <label for={id} part="label">
          {localiser.text('list.reply')}
        </label>
        <textarea
          id={id}
          part="input"
          rows={3}
          value={draft}
          aria-invalid={reply.kind === 'empty' ? 'true' : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onInput={(event) => props.onDraft(event.currentTarget.value)}
        />
        {problem && (
          <p class="problem small" id={`${id}-problem`} part="error" role="alert">
            {problem}
          </p>
        )}
      </div>
      <div class="actions">
        <button type="submit" class="button primary" part="button submit" aria-disabled={busy || wait > 0}>
          {wait > 0 ? (
            <span role="timer" class="number">
              {localiser.text('rate-limited.wait', { n: wait })}
            </span>
          ) : (
            localiser.text(busy ? 'form.sending' : 'list.send')
          )}
        </button>
        <span role="status" class="sent small">
          {reply.kind === 'ready' ? localiser.text('list.sent') : ''}
        </span>
      </div>
    </form>
  )
}

function problemOf({ reply }: Conversation, localiser: Localiser): string | undefined {
  if (reply.kind === 'empty') return localiser.text('list.emptyReply')
  if (!isFailure(reply)) return undefined
  if (reply.kind === 'offline') return localiser.text('form.offlineBody')
  if (reply.kind === 'rate-limited') return localiser.text('form.limitedBody')
  if (reply.kind === 'forbidden') return localiser.text('form.forbiddenBody')
  return `${localiser.text('form.failedTitle')}. ${localiser.text('form.failedBody')}`
}
