import type { JSX } from 'preact'
import type { CustomerView } from '../element/gateway.js'
import { isFailure, type LoadState } from '../element/load-state.js'
import type { Localiser } from '../localisation/localiser.js'
import { FailureNotice, Notice } from '../parts/notice.js'
import { CardSummary } from './card-summary.js'
import { OrdersSection, TicketsSection, TimelineSection } from './history-sections.js'
import { ConsentSection, ProfileSection } from './profile-section.js'
import { ScoresSection } from './scores-section.js'

/** The card in any of its states. */
export function CustomerCardView(props: {
  readonly state: LoadState<CustomerView>
  readonly localiser: Localiser
  readonly onRetry: () => void
  readonly onTicket: (id: string) => void
}): JSX.Element {
  const { state, localiser, onRetry } = props
  if (state.kind === 'error' && state.code === 'not_found') {
    return (
      <Notice
        alert
        kind="empty"
        icon="person"
        title={localiser.text('card.notFound')}
        body={localiser.text('card.notFoundBody')}
      />
    )
  }
  if (isFailure(state)) return <FailureNotice failure={state} localiser={localiser} onRetry={onRetry} />
  if (state.kind === 'ready' || (state.kind === 'loading' && state.data)) {
    return <Customer view={state.data!} localiser={localiser} onTicket={props.onTicket} />
  }
  if (state.kind === 'loading') return <CardSkeleton label={localiser.text('loading')} />
  return (
    <Notice kind="empty" icon="person" title={localiser.text('card.empty')} body={localiser.text('card.emptyBody')} />
  )
}

function Customer(props: {
  readonly view: CustomerView
  readonly localiser: Localiser
  readonly onTicket: (id: string) => void
}): JSX.Element {
  const { view, localiser } = props
  return (
    <article class="customer">
      <CardSummary view={view} localiser={localiser} />
      <div class="columns">
        <div class="column">
          <ScoresSection view={view} localiser={localiser} />
          <ProfileSection view={view} localiser={localiser} />
          <ConsentSection consents={view.consents} localiser={localiser} />
        </div>
        <div class="column">
          <TicketsSection tickets={view.tickets} localiser={localiser} onTicket={props.onTicket} />
          <OrdersSection orders={view.orders} localiser={localiser} />
          <TimelineSection timeline={view.timeline} localiser={localiser} />
        </div>
      </div>
      <slot name="footer" />
    </article>
  )
}

function CardSkeleton({ label }: { readonly label: string }): JSX.Element {
  const lines = ['w4', 'w3', 'w4', 'w2']
  return (
    <div role="status" aria-label={label} class="customer skeleton">
      <div class="summary" aria-hidden="true">
        <span class="bone round" />
        <div class="words">
          <span class="bone w2" />
          <span class="bone w3" />
        </div>
      </div>
      <div class="columns" aria-hidden="true">
        {[0, 1].map((column) => (
          <div class="column" key={column}>
            {lines.map((width, line) => (
              <span class={`bone ${width}`} key={line} />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}
