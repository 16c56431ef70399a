import { contactEntity } from '../../customers/index.js'
import { behaviourEventEntity } from '../../engagement/index.js'
import { requireRight } from '../../entity/commit-rights.js'
import { findRecords, maskFor } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError } from '../../kernel/crm-error.js'
import { allOf, filterPaths } from '../../storage/filter.js'
import { type CompiledCondition, type CompiledTerm, countedEvents, termsOf } from './compile-segment.js'

const visitorsPerRead = 1_000

/** Throws `access_denied` when the actor may not read what a condition looks at: a list of members would give it away. */
export async function requireReadableTerms(context: SessionContext, condition: CompiledCondition): Promise<void> {
  const terms = termsOf(condition)
  if (terms.length === 0) return
  await requireRight(context, behaviourEventEntity, 'read')
  const mask = await maskFor(context, behaviourEventEntity)
  const paths = ['type', 'at', ...terms.flatMap(({ filter }) => filterPaths(filter))]
  const hidden = paths.find((path) => !mask.readable(path))
  if (hidden === undefined) return
  throw new CrmError('access_denied', `The actor may not read ${hidden}`, { entity: 'behaviourEvent', field: hidden })
}

/**
 * Which of at most 500 contacts, whom the actor may read, fulfil a condition at a moment. Each part is one question to the storage, over
 * those whom the parts before leave open; events are counted where they are, by visitor.
 */
export async function membersAmong(
  context: SessionContext,
  condition: CompiledCondition,
  contactIds: readonly string[],
  at: string,
): Promise<ReadonlySet<string>> {
  if (contactIds.length === 0) return new Set()
  switch (condition.op) {
    case 'where': {
      const where = allOf({ op: 'in', path: 'id', values: contactIds }, condition.asked)
      const page = await findRecords<{ id: string }>(context, contactEntity, { where, limit: contactIds.length })
      return new Set(page.items.map(({ id }) => id))
    }
    case 'performed': {
      const { term } = condition
      const counts = await countEvents(context, term, contactIds, at)
      return new Set(
        contactIds.filter((id) => {
          const times = counts.get(id) ?? 0
          return times >= term.atLeast && times <= term.atMost
        }),
      )
    }
    case 'and': {
      let left: ReadonlySet<string> = new Set(contactIds)
      for (const arg of condition.args) left = await membersAmong(context, arg, [...left], at)
      return left
    }
    case 'or': {
      const found = new Set<string>()
      for (const arg of condition.args) {
        const open = contactIds.filter((id) => !found.has(id))
        for (const id of await membersAmong(context, arg, open, at)) found.add(id)
      }
      return found
    }
    case 'not': {
      const without = await membersAmong(context, condition.arg, contactIds, at)
      return new Set(contactIds.filter((id) => !without.has(id)))
    }
  }
}

/** Events that count for a term, by contact: two questions for every 1,000 devices. */
async function countEvents(
  context: SessionContext,
  term: CompiledTerm,
  contactIds: readonly string[],
  at: string,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (let after: readonly [string, string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'visitor',
      where: allOf({ op: 'isNull', path: 'deletedAt' }, { op: 'in', path: 'contactId', values: contactIds }),
      order: ['contactId', 'id'],
      limit: visitorsPerRead,
      fields: ['contactId'],
      ...(after && { after }),
    })
    const contactOf = new Map(page.rows.map(({ id, contactId }) => [id, contactId as string]))
    const groups =
      contactOf.size === 0
        ? []
        : await context.storage.aggregate({
            entity: 'behaviourEvent',
            where: allOf({ op: 'in', path: 'visitorId', values: [...contactOf.keys()] }, countedEvents(term, at)),
            by: ['visitorId'],
            compute: { times: { fn: 'count' } },
            limit: visitorsPerRead,
          })
    for (const { keys, values } of groups) {
      const contactId = contactOf.get(keys[0] as string) as string
      counts.set(contactId, (counts.get(contactId) ?? 0) + (values.times as number))
    }
    const last = page.rows.at(-1)
    if (page.done || !last) return counts
    after = [last.contactId as string, last.id]
  }
}
