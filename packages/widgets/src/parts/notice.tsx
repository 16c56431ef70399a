import type { ComponentChildren, JSX } from 'preact'
import { secondsUntil } from '../element/countdown.js'
import type { Failure } from '../element/failure.js'
import type { Localiser } from '../localisation/localiser.js'
import { Icon, type IconName } from './icon.js'

/** A calm full-width message in place of content: nothing here, nothing found, something failed. */
export function Notice(props: {
  readonly kind: string
  readonly icon: IconName
  readonly title: string
  readonly body?: string
  /** Whether assistive technology should hear of it at once. The way out below stays outside of the alert. */
  readonly alert?: boolean
  readonly children?: ComponentChildren
}): JSX.Element {
  return (
    <div class={`notice ${props.kind}`} part="notice">
      <span class="badge">
        <Icon name={props.icon} />
      </span>
      <div role={props.alert ? 'alert' : undefined}>
        <strong>{props.title}</strong>
        {props.body && <p>{props.body}</p>}
      </div>
      {props.children}
    </div>
  )
}

const failureIcons: Readonly<Record<Failure['kind'], IconName>> = {
  error: 'warning',
  offline: 'offline',
  forbidden: 'lock',
  'rate-limited': 'clock',
}

/** What went wrong and the way out of it. While a rate limit lasts, the button counts down instead of acting. */
export function FailureNotice(props: {
  readonly failure: Failure
  readonly localiser: Localiser
  readonly onRetry: () => void
}): JSX.Element {
  const { failure, localiser } = props
  return (
    <Notice
      alert
      kind={failure.kind}
      icon={failureIcons[failure.kind]}
      title={localiser.text(`${failure.kind}.title`)}
      body={localiser.text(`${failure.kind}.body`)}
    >
      <RetryButton failure={failure} localiser={localiser} onRetry={props.onRetry} />
    </Notice>
  )
}

/** Tries again; inert, but still reachable, while a rate limit lasts. */
export function RetryButton(props: {
  readonly failure: Failure
  readonly localiser: Localiser
  readonly onRetry: () => void
}): JSX.Element {
  const { failure, localiser, onRetry } = props
  const wait = failure.kind === 'rate-limited' ? secondsUntil(failure.retryAt, performance.now()) : 0
  return (
    <button
      type="button"
      class="button"
      part="button"
      aria-disabled={wait > 0 ? 'true' : undefined}
      onClick={() => wait === 0 && onRetry()}
    >
      {wait > 0 ? (
        <span role="timer">{localiser.text('rate-limited.wait', { n: wait })}</span>
      ) : (
        localiser.text('retry')
      )}
    </button>
  )
}
