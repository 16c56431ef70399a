import { resolveAliases } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import { isCrmError } from '../../kernel/crm-error.js'

type Call = (...given: unknown[]) => unknown

const mostRounds = 20

/**
 * A service whose calls land at the surviving record when they name one that was merged: what a writing call refers to, and for the
 * calls in `byId` also the record they are about. The call is made again with the ids that the old ones lead to, so nothing is read
 * for it unless an old id is used.
 */
export function followingMerges<Service extends object>(
  context: SessionContext,
  create: (context: SessionContext) => Service,
  byId: readonly (keyof Service & string)[] = [],
): Service {
  const members = Object.entries(create(context)).map(([name, member]): [string, unknown] => {
    if (typeof member !== 'function') return [name, member]
    const again = async (error: unknown, given: readonly unknown[]): Promise<unknown> => {
      let [acting, args, failure] = [context, given, error]
      for (let round = 0; round < mostRounds; round++) {
        const leadsTo = await whereTo(acting, failure, (byId as readonly string[]).includes(name))
        if (!leadsTo) break
        args = args.map((arg) => replaced(arg, leadsTo, true))
        const actorId = acting.actor.type === 'contact' ? leadsTo.get(acting.actor.id) : undefined
        if (actorId !== undefined) acting = acting.as({ ...acting.actor, id: actorId })
        try {
          return await ((create(acting) as Record<string, Call>)[name] as Call)(...args)
        } catch (next) {
          failure = next
        }
      }
      throw failure
    }
    const follow: Call = (...given) => {
      const answer: unknown = (member as Call)(...given)
      return answer instanceof Promise ? answer.catch((error: unknown) => again(error, given)) : answer
    }
    return [name, follow]
  })
  return Object.fromEntries(members) as Service
}

/** Where the ids that a call failed for lead to; `undefined` when they were not merged. */
async function whereTo(
  context: SessionContext,
  error: unknown,
  byId: boolean,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!isCrmError(error)) return undefined
  const { entity, id, leadsTo } = error.details
  if (leadsTo) return new Map(Object.entries(leadsTo))
  if (!byId || error.code !== 'not_found' || entity === undefined || id === undefined) return undefined
  if (!context.registry.has(entity) || !context.registry.get(entity).mergeable) return undefined
  const leads = await resolveAliases(context, entity, [id])
  return leads.get(id) === id ? undefined : leads
}

/** An argument with other ids where it names records: as the argument itself, or under `id`, `…Id` and `…Ids`. */
function replaced(value: unknown, leadsTo: ReadonlyMap<string, string>, isId: boolean): unknown {
  if (typeof value === 'string') return isId ? (leadsTo.get(value) ?? value) : value
  if (Array.isArray(value)) return value.map((item) => replaced(item, leadsTo, isId))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaced(item, leadsTo, key === 'id' || /Ids?$/.test(key))]),
  )
}
