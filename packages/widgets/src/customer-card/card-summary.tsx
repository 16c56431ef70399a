import type { ComponentChildren, JSX } from 'preact'
import type { CustomerView } from '../element/gateway.js'
import { isMoney } from '../element/is-money.js'
import type { Localiser } from '../localisation/localiser.js'
import { Avatar } from '../parts/avatar.js'
import { ValueChip } from '../parts/chip.js'
import { ShareBar } from '../parts/share-bar.js'

/** Who it is, and the figures that matter first. */
export function CardSummary({
  view,
  localiser,
}: {
  readonly view: CustomerView
  readonly localiser: Localiser
}): JSX.Element {
  const { contact, orders, tickets } = view
  const { clv, rfm, value } = contact.scores ?? {}
  const name = contact.fullName || localiser.text('customer.noName')
  const about =
    [contact.jobTitle, view.companies?.[0]?.company.name].filter(Boolean).join(' · ') || contact.primaryEmail
  const none = localiser.text('none')
  return (
    <>
      <div class="summary">
        <Avatar id={contact.id} name={contact.fullName ?? ''} />
        <div class="words">
          <h2 part="title">
            <bdi>{name}</bdi>
          </h2>
          {about && <p class="muted">{about}</p>}
        </div>
        <div class="chips">
          {contact.lifecycleStage && <ValueChip group="stage" value={contact.lifecycleStage} localiser={localiser} />}
          {rfm?.segment && <ValueChip group="segment" value={rfm.segment} localiser={localiser} />}
          {value?.tier && <ValueChip group="tier" value={value.tier} localiser={localiser} />}
        </div>
      </div>
      <dl class="figures" part="figures">
        <Figure label={localiser.text('card.clv')}>{isMoney(clv) ? localiser.money(clv) : none}</Figure>
        <Figure label={localiser.text('card.alive')}>
          {clv?.probabilityAlive === undefined ? none : <ShareBar ratio={clv.probabilityAlive} localiser={localiser} />}
        </Figure>
        <Figure label={localiser.text('card.spent')}>
          {orders.totals.length > 0 ? orders.totals.map((total) => localiser.money(total)).join(' + ') : none}
        </Figure>
        <Figure label={localiser.text('card.orders')}>{localiser.number(orders.count)}</Figure>
        <Figure label={localiser.text('card.lastOrder')}>
          {contact.lastOrderAt ? localiser.day(contact.lastOrderAt) : none}
        </Figure>
        <Figure label={localiser.text('card.openTickets')}>{localiser.number(tickets.openCount)}</Figure>
      </dl>
    </>
  )
}

function Figure({ label, children }: { readonly label: string; readonly children?: ComponentChildren }): JSX.Element {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd class="number">{children}</dd>
    </div>
  )
}
