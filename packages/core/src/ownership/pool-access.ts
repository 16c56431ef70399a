import { levelFor, mayClaim } from '../access/access-context.js'
import type { Role } from '../access/role.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import { type OwnedEntity, pooledEntities } from './owned-entities.js'

/** The entities of the pool that the actor may claim. Throws `access_denied` when there is none. */
export async function claimableEntities(context: SessionContext): Promise<readonly OwnedEntity[]> {
  const access = await context.access()
  const claimable = pooledEntities(context.registry).filter(
    ({ entity: { name } }) => mayClaim(access, name) && levelFor(access, name, 'read') !== 'no',
  )
  if (claimable.length === 0) throw claimDenied('pool')
  return claimable
}

/** An entity of the pool by name. Throws `validation_failed` when it is none, `access_denied` when the actor may not claim. */
export async function claimableEntity(context: SessionContext, object: string): Promise<OwnedEntity> {
  pooledEntity(context, object)
  const found = (await claimableEntities(context)).find(({ entity }) => entity.name === object)
  if (!found) throw claimDenied(object)
  return found
}

/** An entity of the pool by name. Throws `validation_failed` when it is none. */
export function pooledEntity(context: SessionContext, object: unknown): OwnedEntity {
  const found = pooledEntities(context.registry).find(({ entity }) => entity.name === object)
  if (!found) throw invalidField('object', 'must name an entity that stands in the pool, such as contact')
  return found
}

/** The same session, to which all records of an entity are in reach: what is hidden by fields stays hidden. */
export function reachingAll(context: SessionContext, entity: string): SessionContext {
  const widened = (role: Role): Role => {
    const rights = role.rights[entity] ?? role.rights['*']
    return (rights?.read ?? 'no') === 'no'
      ? role
      : { ...role, rights: { ...role.rights, [entity]: { ...rights, read: 'all' } } }
  }
  const access = async () => {
    const known = await context.access()
    return { ...known, roles: known.roles.map(widened) }
  }
  return { ...context, access }
}

function claimDenied(entity: string): CrmError {
  return new CrmError('access_denied', 'The actor may not take records out of the pool', {
    entity,
    reason: 'claim',
    remedy: 'give the actor a role that may claim',
  })
}
