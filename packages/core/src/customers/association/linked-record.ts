import type { EntityChange } from '../../entity/entity-change.js'
import { readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import { pairKey } from './association-rules.js'

/** The day it is, in UTC. */
export function today({ clock }: SessionContext): string {
  return instantOf(clock.now()).slice(0, 10)
}

/** The record whose links are asked for. Throws `not_found` when the actor may not read it. */
export async function requireSubject(
  context: SessionContext,
  subject: { readonly type: string; readonly id: string },
): Promise<Row> {
  if (typeof subject?.type !== 'string' || !context.registry.has(subject.type))
    throw invalidField('type', 'must name an entity such as contact or company')
  return readOne(context, context.registry.get(subject.type), subject.id)
}

type Ends = Readonly<Record<string, unknown>>

/** Makes the batch fail unless both records of a link are there. The names are those under which the input has their ids. */
export function planEnds(values: Ends, names = { from: 'fromId', to: 'toId' }): EntityChange[] {
  return (['from', 'to'] as const).map((side) => ({
    kind: 'require',
    entity: values[`${side}Type`] as string,
    id: values[`${side}Id`] as string,
    is: 'present',
    namedBy: names[side],
  }))
}

/** A link that follows from a field of one of its records, unless it is there already. */
export async function planImpliedLink(context: SessionContext, ends: Ends): Promise<EntityChange[]> {
  const values = { ...ends, category: 'system', isPrimary: false }
  const page = await context.storage.find({
    entity: 'association',
    where: { op: 'eq', path: 'uniqueKey', value: pairKey(values) },
    order: ['id'],
    limit: 1,
    fields: ['id'],
  })
  return page.rows.length > 0 ? [] : [planNewLink(context, values)]
}

/** A link that follows from a field of a record which is new. */
export function planNewLink(context: SessionContext, ends: Ends): EntityChange {
  const values = { ...ends, category: 'system', isPrimary: false } as Ends
  const { fromType, toType, typeKey } = values
  return {
    kind: 'create',
    entity: 'association',
    id: context.newId(),
    values,
    events: [{ type: 'association.linked', data: { fromType, toType, typeKey } }],
    implied: true,
  }
}
