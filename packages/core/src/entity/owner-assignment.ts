import { mayAssign } from '../access/access-context.js'
import { CrmError } from '../kernel/crm-error.js'
import { type Entity, ownerFieldOf } from './entity.js'
import type { EntityChange } from './entity-change.js'
import type { SessionContext } from './session-context.js'

const mostIds = 1_000

/** Who is given a record by a change; absent when the owner stays or goes, or tells of the past alone. */
export function newOwnerOf(entity: Entity, change: EntityChange): string | undefined {
  const field = ownerFieldOf(entity)
  if (field === undefined || entity.ownership?.fixed || (change.kind !== 'create' && change.kind !== 'update'))
    return undefined
  const owner = change.values[field]
  const same = change.kind === 'update' && change.before[field] === owner
  return typeof owner === 'string' && !same ? owner : undefined
}

/**
 * Whether the actor may give records to these members, each with an entity it would own. Members are read at once. A host need not
 * tell of its members: one that is not known can be given records by who may give them to anybody.
 *
 * Throws `rule_violated` for a member that is not active, `access_denied` for one outside of the actor's reach.
 */
export async function requireAssignable(context: SessionContext, owners: ReadonlyMap<string, Entity>): Promise<void> {
  if (owners.size === 0 || !context.registry.has('member')) return
  const access = await context.access()
  const ids = [...owners.keys()]
  for (let start = 0; start < ids.length; start += mostIds) {
    const part = ids.slice(start, start + mostIds)
    const members = await context.storage.getMany('member', part)
    for (const [index, id] of part.entries()) {
      const member = members[index]
      const entity = owners.get(id) as Entity
      const field = ownerFieldOf(entity) as string
      if (member?.active === false) {
        const remedy = 'activate the member, or choose another owner'
        const details = { entity: 'member', id, field, reason: 'inactive_member', remedy }
        throw new CrmError('rule_violated', 'A member who is not active owns nothing new', details)
      }
      if (mayAssign(access, id, (member?.teamIds as readonly string[] | undefined) ?? [])) continue
      const remedy = 'choose a member of a shared team, or give the actor a role whose assignment reaches further'
      const details = { entity: entity.name, id, field, reason: 'assignment', remedy }
      throw new CrmError('access_denied', 'The actor may not give records to this member', details)
    }
  }
}
