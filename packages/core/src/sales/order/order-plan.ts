import { type ExternalRef, planExternalRefRemoval, planExternalRefs } from '../../customers/index.js'
import { planTimeline, planTimelineRemoval, type Subject } from '../../engagement/index.js'
import { sameValue } from '../../entity/canonical-json.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { planCreate, planUpdate } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { formatDecimal, type Money } from '../../kernel/money.js'
import type { Row } from '../../storage/row.js'
import { type NewOrder, type OrderPatch, orderEntity } from './order-entity.js'
import { planRollUp } from './order-roll-up.js'
import { checkRefund, countsAsPurchase, type OrderAmounts } from './order-rules.js'

/** A new order with its ref, its line in the timeline and what it adds to the contact. */
export async function planOrderCreate(
  context: SessionContext,
  input: NewOrder,
): Promise<{ id: string; changes: EntityChange[] }> {
  const { externalRef, ...fields } = input ?? {}
  const externalRefs = externalRef === undefined ? [] : [externalRef]
  const { id, values, change } = await planCreate(
    context,
    orderEntity,
    { ...fields, externalRefs },
    {
      events: [{ type: 'order.recorded', data: { contactId: input?.contactId } }],
    },
  )
  checkRefund(amountsOf(values))
  const contactId = values.contactId as string
  const placedAt = values.placedAt as string
  const purchase: EntityChange = {
    kind: 'derive',
    entity: 'contact',
    id: contactId,
    namedBy: 'contactId',
    ...(countsAsPurchase(values.status as string)
      ? { add: { orderCount: 1 }, max: { lastOrderAt: placedAt }, min: { firstOrderAt: placedAt } }
      : { add: { orderCount: 0 } }),
  }
  return {
    id,
    changes: [
      change,
      purchase,
      ...companyExists(values),
      ...planExternalRefs('order', id, values.externalRefs as ExternalRef[]),
      ...planOrderTimeline(id, values),
    ],
  }
}

/** A change of an order (its id or its row) with what follows for the contact and the timeline. */
export async function planOrderUpdate(
  context: SessionContext,
  record: string | Row,
  patch: OrderPatch,
  options: UpdateOptions = {},
): Promise<EntityChange[]> {
  const change = await planUpdate(context, orderEntity, record, patch, options)
  const { before } = change
  const after: Record<string, unknown> = { ...before, ...change.values }
  checkRefund(amountsOf(after))
  const differs = (...paths: string[]): boolean => paths.some((path) => !sameValue(before[path], after[path]))
  const changes: EntityChange[] = [change, ...planRefChange(before, after)]
  if (differs('placedAt', 'status', 'contactId')) {
    const contacts = [...new Set([before.contactId as string, after.contactId as string])]
    changes.push(...(await Promise.all(contacts.map((contactId) => planRollUp(context, contactId, before.id, after)))))
  }
  if (differs('companyId')) changes.push(...companyExists(after))
  if (differs('placedAt', 'contactId', 'companyId', 'total.amountMinor', 'total.currency')) {
    const gone = orderSubjects(before).filter((old) => !orderSubjects(after).some(({ id }) => id === old.id))
    changes.push(...planTimelineRemoval(gone, 'order', before.id), ...planOrderTimeline(before.id, after))
  }
  return changes
}

/** What goes with an order that is deleted or restored. */
export async function planOrderRemoval(
  context: SessionContext,
  kind: 'delete' | 'restore',
  row: Row,
): Promise<EntityChange[]> {
  const refs = (row.externalRefs ?? []) as ExternalRef[]
  const rollUp = await planRollUp(context, row.contactId as string, row.id, kind === 'delete' ? undefined : row)
  return kind === 'delete'
    ? [rollUp, ...planExternalRefRemoval('order', refs), ...planTimelineRemoval(orderSubjects(row), 'order', row.id)]
    : [rollUp, ...planExternalRefs('order', row.id, refs), ...planOrderTimeline(row.id, row)]
}

/** What brings the index of refs in line with an order's refs. */
function planRefChange(before: Row, after: Readonly<Record<string, unknown>>): EntityChange[] {
  const [old, fresh] = [before, after].map(({ externalRefs }) => (externalRefs ?? []) as ExternalRef[]) as [
    ExternalRef[],
    ExternalRef[],
  ]
  const missing = (refs: ExternalRef[], others: ExternalRef[]): ExternalRef[] =>
    refs.filter((ref) => !others.some((other) => other.system === ref.system && other.externalId === ref.externalId))
  return [
    ...planExternalRefRemoval('order', missing(old, fresh)),
    ...planExternalRefs('order', before.id, missing(fresh, old)),
  ]
}

function companyExists({ companyId }: Readonly<Record<string, unknown>>): EntityChange[] {
  return typeof companyId === 'string'
    ? [{ kind: 'require', entity: 'company', id: companyId, namedBy: 'companyId', is: 'present' }]
    : []
}

/** Who has the order in their timeline. */
export function orderSubjects(values: Readonly<Record<string, unknown>>): Subject[] {
  return [
    { type: 'contact', id: values.contactId as string },
    ...(typeof values.companyId === 'string' ? [{ type: 'company', id: values.companyId }] : []),
  ]
}

/** The line of an order in the timelines of its contact and company. */
export function planOrderTimeline(id: string, values: Readonly<Record<string, unknown>>): EntityChange[] {
  const { total } = amountsOf(values)
  return planTimeline(orderSubjects(values), {
    at: values.placedAt as string,
    recordType: 'order',
    recordId: id,
    title: `${formatDecimal(total)} ${total.currency}`,
    visibility: 'customer',
  })
}

function amountsOf(values: Readonly<Record<string, unknown>>): OrderAmounts {
  const money = (path: string): Money | undefined =>
    typeof values[`${path}.amountMinor`] === 'number'
      ? { amountMinor: values[`${path}.amountMinor`] as number, currency: values[`${path}.currency`] as string }
      : undefined
  const refunded = money('refunded')
  return { status: values.status as string, total: money('total') as Money, ...(refunded && { refunded }) }
}
