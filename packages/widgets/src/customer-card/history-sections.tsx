import type { JSX } from 'preact'
import type { CustomerView } from '../element/gateway.js'
import type { Localiser } from '../localisation/localiser.js'
import { ValueChip } from '../parts/chip.js'
import { Icon, type IconName } from '../parts/icon.js'
import { CardSection } from './card-section.js'

/** How many orders the card lists; the rest is counted. */
const listedOrders = 6

/** The latest tickets; each opens. */
export function TicketsSection(props: {
  readonly tickets: CustomerView['tickets']
  readonly localiser: Localiser
  readonly onTicket: (id: string) => void
}): JSX.Element {
  const { tickets, localiser } = props
  return (
    <CardSection
      name="tickets"
      title={localiser.text('card.tickets')}
      emptyText={tickets.items.length === 0 && localiser.text('card.noTickets')}
    >
      <ul class="lines">
        {tickets.items.map((ticket) => (
          <li key={ticket.id}>
            <button type="button" class="line ticket" part="ticket" onClick={() => props.onTicket(ticket.id)}>
              <span class="line-text">
                <bdi class="strong">{ticket.subject}</bdi>
                <span class="muted small number">
                  {ticket.number !== undefined && `#${ticket.number} · `}
                  {localiser.day(ticket.createdAt)}
                </span>
              </span>
              <span class="chips">
                {(ticket.priority === 'urgent' || ticket.priority === 'high') && (
                  <ValueChip group="priority" value={ticket.priority} localiser={localiser} />
                )}
                <ValueChip group="category" value={ticket.category} localiser={localiser} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </CardSection>
  )
}

/** The latest orders with their totals. */
export function OrdersSection(props: {
  readonly orders: CustomerView['orders']
  readonly localiser: Localiser
}): JSX.Element {
  const { orders, localiser } = props
  const listed = orders.items.slice(0, listedOrders)
  const more = orders.count - listed.length
  return (
    <CardSection
      name="orders"
      title={localiser.text('card.orders')}
      emptyText={listed.length === 0 && localiser.text('card.noOrders')}
    >
      <ul class="lines">
        {listed.map((order) => (
          <li class="line" key={order.id}>
            <span class="line-text">
              <time dateTime={order.placedAt}>{localiser.day(order.placedAt)}</time>
              {order.items && order.items.length > 0 && (
                <span class="muted small number">
                  {localiser.text('card.items', { n: order.items.reduce((sum, item) => sum + item.quantity, 0) })}
                </span>
              )}
            </span>
            <span class="chips">
              {order.status !== 'completed' && <ValueChip group="order" value={order.status} localiser={localiser} />}
              <span class="number strong">{localiser.money(order.total)}</span>
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="muted small more">{localiser.text('card.moreOrders', { n: more })}</p>}
    </CardSection>
  )
}

const timelineIcons: Readonly<Record<string, IconName>> = { order: 'order', ticket: 'chat', activity: 'activity' }

/** What happened, newest first. */
export function TimelineSection(props: {
  readonly timeline: CustomerView['timeline']
  readonly localiser: Localiser
}): JSX.Element {
  const { timeline, localiser } = props
  return (
    <CardSection
      name="timeline"
      title={localiser.text('card.timeline')}
      emptyText={timeline.items.length === 0 && localiser.text('card.noTimeline')}
    >
      <ol class="timeline-list">
        {timeline.items.map((entry) => (
          <li class="entry" key={`${entry.recordType} ${entry.recordId}`}>
            <span class={`dot ${entry.recordType}`}>
              <Icon name={timelineIcons[entry.recordType] ?? 'activity'} />
              <span class="hidden">{localiser.label('record', entry.recordType)}</span>
            </span>
            <span class="line-text">
              <bdi>{entry.title}</bdi>
              <time class="muted small number" dateTime={entry.at}>
                {localiser.dayAndTime(entry.at)}
              </time>
            </span>
          </li>
        ))}
      </ol>
    </CardSection>
  )
}
