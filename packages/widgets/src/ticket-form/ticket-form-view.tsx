import type { JSX } from 'preact'
import { secondsUntil } from '../element/countdown.js'
import type { Failure } from '../element/failure.js'
import { isFailure } from '../element/load-state.js'
import type { Localiser } from '../localisation/localiser.js'
import { Icon } from '../parts/icon.js'
import { Notice } from '../parts/notice.js'
import type { AnswerProblem } from './answer-problems.js'
import type { SubmissionState } from './submission-state.js'
import { TicketControl } from './ticket-control.js'
import type { TicketAnswers, TicketField, TicketFieldName } from './ticket-field.js'

/** Everything the form's view depends on. */
export interface TicketFormViewProps {
  readonly fields: readonly TicketField[]
  readonly answers: TicketAnswers
  readonly problems: readonly AnswerProblem[]
  readonly state: SubmissionState
  readonly localiser: Localiser
  readonly onAnswer: (name: TicketFieldName, value: string) => void
  readonly onSubmit: () => void
  /** Moves the focus to the control of this id. */
  readonly onFocus: (id: string) => void
  readonly onAnother: () => void
}

/** The form, or the thanks after it was sent. */
export function TicketFormView(props: TicketFormViewProps): JSX.Element {
  const { fields, problems, state, localiser } = props
  if (state.kind === 'ready') return <Sent {...props} number={state.number} />
  const wait = state.kind === 'rate-limited' ? secondsUntil(state.retryAt, performance.now()) : 0
  const busy = state.kind === 'loading'
  return (
    <form
      class="form"
      part="form"
      noValidate
      aria-labelledby="title"
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit()
      }}
    >
      <div class="intro">
        <h2 id="title" part="title">
          {localiser.text('form.title')}
        </h2>
        <p class="muted">{localiser.text('form.intro')}</p>
      </div>
      {problems.length > 0 && <Summary {...props} />}
      {isFailure(state) && <Failed failure={state} localiser={localiser} />}
      {fields.map((field) => (
        <TicketControl
          key={field.name}
          field={field}
          value={props.answers[field.name]}
          problem={problems.find((problem) => problem.field === field.name)?.text(localiser)}
          localiser={localiser}
          onAnswer={(value) => props.onAnswer(field.name, value)}
        />
      ))}
      <div class="actions">
        <button type="submit" class="button primary" part="button submit" aria-disabled={busy || wait > 0}>
          {wait > 0 ? (
            <span role="timer" class="number">
              {localiser.text('rate-limited.wait', { n: wait })}
            </span>
          ) : (
            localiser.text(busy ? 'form.sending' : 'form.submit')
          )}
        </button>
      </div>
    </form>
  )
}

/** What has to be mended, each with the way to it. */
function Summary({ problems, localiser, onFocus }: TicketFormViewProps): JSX.Element {
  return (
    <div class="banner bad" id="summary" part="summary" role="alert" tabIndex={-1}>
      <Icon name="warning" />
      <div>
        <strong>{localiser.text('form.summary', { n: problems.length })}</strong>
        <ul>
          {problems.map((problem) => (
            <li key={problem.field}>
              <button type="button" class="link" onClick={() => onFocus(problem.field)}>
                {problem.text(localiser)}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

const failureTexts = {
  error: { title: 'form.failedTitle', body: 'form.failedBody', icon: 'warning' },
  offline: { title: 'offline.title', body: 'form.offlineBody', icon: 'offline' },
  forbidden: { title: 'forbidden.title', body: 'form.forbiddenBody', icon: 'lock' },
  'rate-limited': { title: 'rate-limited.title', body: 'form.limitedBody', icon: 'clock' },
} as const

/** Why it was not sent, and that nothing typed is lost. */
function Failed({ failure, localiser }: { readonly failure: Failure; readonly localiser: Localiser }): JSX.Element {
  const { title, body, icon } = failureTexts[failure.kind]
  const tone = failure.kind === 'error' || failure.kind === 'forbidden' ? 'bad' : 'warn'
  return (
    <div class={`banner ${tone}`} id="failure" part="notice" role="alert" tabIndex={-1}>
      <Icon name={icon} />
      <div>
        <strong>{localiser.text(title)}</strong>
        <p>{localiser.text(body)}</p>
      </div>
    </div>
  )
}

function Sent(props: TicketFormViewProps & { readonly number: string | undefined }): JSX.Element {
  const { localiser, number } = props
  const thanks = localiser.text('form.sentBody')
  return (
    <div id="sent" tabIndex={-1}>
      <Notice
        alert
        kind="sent"
        icon="check"
        title={localiser.text('form.sent')}
        body={number ? `${localiser.text('form.sentNumber', { number })} ${thanks}` : thanks}
      >
        <button type="button" class="button" part="button" onClick={props.onAnother}>
          {localiser.text('form.another')}
        </button>
      </Notice>
    </div>
  )
}
