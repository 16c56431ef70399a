import fc from 'fast-check'
import { expect } from 'vitest'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'

const at = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`
const currencies = ['EUR', 'USD'] as const

/** One thing that is done. */
export type Step =
  | {
      readonly do: 'create'
      readonly contact: number
      readonly minor: number
      readonly currency: 0 | 1
      readonly day: number
    }
  | { readonly do: 'move'; readonly order: number; readonly contact: number }
  | { readonly do: 'change'; readonly order: number; readonly minor: number; readonly day: number }
  | { readonly do: 'cancel' | 'delete' | 'restore'; readonly order: number }
  | { readonly do: 'weigh'; readonly order: number; readonly weight: number | null }
  | { readonly do: 'edit' | 'hide'; readonly contact: number; readonly size: number }
  | { readonly do: 'pay'; readonly order: number; readonly contact: number | null }
  | { readonly do: 'merge' | 'befriend'; readonly contact: number; readonly into: number }
  | { readonly do: 'unmerge'; readonly merge: number }
  | { readonly do: 'erase'; readonly contact: number; readonly mode: 'anonymise' | 'delete' }

const index = fc.nat({ max: 20 })
const minor = fc.integer({ min: 1, max: 1_000 })
const day = fc.integer({ min: 1, max: 28 })
/** What people do to contacts and their orders. */
export const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('create' as const),
        contact: index,
        minor,
        currency: fc.constantFrom(0 as const, 1 as const),
        day,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), order: index, contact: index }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), order: index, minor, day }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('cancel' as const, 'delete' as const, 'restore' as const),
        order: index,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('weigh' as const),
        order: index,
        weight: fc.option(fc.integer({ min: -5, max: 5 })),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('edit' as const, 'hide' as const), contact: index, size: minor }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pay' as const), order: index, contact: fc.option(index) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('merge' as const, 'befriend' as const),
        contact: index,
        into: index,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unmerge' as const), merge: index }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('erase' as const),
        contact: index,
        mode: fc.constantFrom('anonymise' as const, 'delete' as const),
      }),
    },
  ),
  { minLength: 5, maxLength: 25 },
)

const rollUp = { entity: 'order', by: 'contactId' } as const
const definitions = [
  { key: 'orders', rollUp: { ...rollUp, fn: 'count' } },
  { key: 'revenue', rollUp: { ...rollUp, fn: 'sum', field: 'total', where: { status: { ne: 'canceled' } } } },
  { key: 'mean', rollUp: { ...rollUp, fn: 'avg', field: 'total' } },
  { key: 'first', rollUp: { ...rollUp, fn: 'min', field: 'placedAt' } },
  { key: 'largest', rollUp: { ...rollUp, fn: 'max', field: 'total' } },
  { key: 'weight', rollUp: { ...rollUp, fn: 'sum', field: 'custom.double' } },
  { key: 'paid', rollUp: { entity: 'order', by: 'custom.payer', fn: 'count' } },
  { key: 'fans', rollUp: { entity: 'contact', by: 'custom.friend', fn: 'count' } },
] as const

/** What the fields of a contact must be, from what was set and what refers to it. */
async function expectedOf(
  shop: CrmSession,
  contactId: string,
  { size, friend }: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { items } = await shop.orders.find({ where: { contactId }, limit: 1_000 })
  const by = (rows: typeof items, compute: (amounts: number[]) => number) => {
    const totals = currencies.flatMap((currency) => {
      const amounts = rows.filter(({ total }) => total.currency === currency).map(({ total }) => total.amountMinor)
      return amounts.length > 0 ? [[currency, compute(amounts)] as const] : []
    })
    return totals.length > 0 ? Object.fromEntries(totals) : undefined
  }
  const add = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)
  const weight = add(items.map(({ custom }) => (typeof custom.own === 'number' ? custom.own * 2 : 0)))
  const revenue = by(
    items.filter(({ status }) => status !== 'canceled'),
    add,
  )
  const all: Record<string, unknown> = {
    orders: items.length,
    revenue,
    mean: by(items, (amounts) => Math.round(add(amounts) / amounts.length)),
    first: items.map(({ placedAt }) => placedAt).sort()[0],
    largest: by(items, (amounts) => Math.max(...amounts)),
    weight,
    paid: await shop.orders.count({ where: { 'custom.payer': contactId } }),
    fans: await shop.contacts.count({ where: { 'custom.friend': contactId } }),
    friend,
    size,
    index: typeof size === 'number' ? size + items.length : undefined,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** Plays steps in a tenant of its own and compares the fields of every contact with what refers to it adds up to. */
export async function playAndCompare(crm: Crm, tenantId: string, given: readonly Step[]): Promise<void> {
  const shop = crm.session({ tenantId, actor: { type: 'user', id: 'u_1' } })
  const { register } = shop.customFields
  await register({ object: 'order', key: 'own', label: 'Own', type: 'number' })
  await register({
    object: 'order',
    key: 'double',
    label: 'Double',
    type: 'formula',
    formula: { multiply: [{ field: 'custom.own' }, 2] },
  })
  await register({ object: 'order', key: 'payer', label: 'Payer', type: 'reference', target: 'contact' })
  await register({ object: 'contact', key: 'friend', label: 'Friend', type: 'reference', target: 'contact' })
  await register({ object: 'contact', key: 'size', label: 'Size', type: 'number' })
  for (const { key, rollUp: each } of definitions)
    await register({ object: 'contact', key, label: key, type: 'rollUp', rollUp: each })
  await register({
    object: 'contact',
    key: 'index',
    label: 'Index',
    type: 'formula',
    formula: { add: [{ field: 'custom.size' }, { field: 'custom.orders' }] },
  })
  const contacts = await Promise.all([0, 1, 2].map((nth) => shop.contacts.create({ firstName: `C${nth}` })))
  const orders: string[] = []
  const merges: string[] = []
  const idOf = (nth: number): string => (contacts[nth % contacts.length] as { id: string }).id
  for (const step of given) {
    // A step that the present state forbids, such as an order of a deleted contact, is refused and changes nothing.
    const orderId = 'order' in step ? orders[step.order % Math.max(1, orders.length)] : undefined
    if ('order' in step && orderId === undefined) continue
    await doStep(shop, step, idOf, orderId ?? '', { orders, merges }).catch((error: { code?: string }) => {
      if (error.code === undefined) throw error
    })
  }
  for (const contact of await shop.contacts.getMany(contacts.map(({ id }) => id))) {
    if (contact) expect(contact.custom).toEqual(await expectedOf(shop, contact.id, contact.custom))
  }
}

async function doStep(
  shop: CrmSession,
  step: Step,
  idOf: (nth: number) => string,
  orderId: string,
  { orders, merges }: { readonly orders: string[]; readonly merges: string[] },
): Promise<void> {
  switch (step.do) {
    case 'create': {
      const total = { amountMinor: step.minor, currency: currencies[step.currency] }
      orders.push((await shop.orders.record({ contactId: idOf(step.contact), placedAt: at(step.day), total })).id)
      return
    }
    case 'move':
      await shop.orders.update(orderId, { contactId: idOf(step.contact) })
      return
    case 'change':
      await shop.orders.update(orderId, { placedAt: at(step.day), total: { amountMinor: step.minor, currency: 'EUR' } })
      return
    case 'cancel':
      await shop.orders.update(orderId, { status: 'canceled' })
      return
    case 'weigh':
      await shop.orders.update(orderId, { custom: { own: step.weight } })
      return
    case 'delete':
      return shop.orders.delete(orderId)
    case 'restore':
      await shop.orders.restore(orderId)
      return
    case 'edit':
      await shop.contacts.update(idOf(step.contact), { custom: { size: step.size } })
      return
    case 'hide':
      await shop.contacts.delete(idOf(step.contact))
      await shop.contacts.restore(idOf(step.contact))
      return
    case 'pay': {
      const payer = step.contact === null ? null : idOf(step.contact)
      await shop.orders.update(orderId, { custom: { payer } })
      return
    }
    case 'befriend':
      await shop.contacts.update(idOf(step.contact), { custom: { friend: idOf(step.into) } })
      return
    case 'merge':
      merges.push((await shop.contacts.merge({ survivorId: idOf(step.into), mergedIds: [idOf(step.contact)] })).mergeId)
      return
    case 'unmerge':
      await shop.contacts.unmerge(merges[step.merge % Math.max(1, merges.length)] ?? '')
      return
    case 'erase': {
      const run = await shop.privacy.erase(idOf(step.contact), { mode: step.mode, reason: 'asked' })
      await shop.runs.wait(run.id)
      return
    }
  }
}
