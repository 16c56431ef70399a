import { hiddenFields, levelFor } from '../access/access-context.js'
import type { Action } from '../access/role.js'
import type { Entity } from '../entity/entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError } from '../kernel/crm-error.js'

/** The entities that a backup holds. */
export function backedUpEntities(context: SessionContext): Entity[] {
  return context.registry.all().filter((entity) => entity.backedUp !== false)
}

/**
 * Throws `access_denied` unless the actor may do all of this with every record and field of the tenant, as the admin role may: a backup
 * passes by every other check. Throws `unsupported` in a session that joins a transaction of the host.
 */
export async function requireWholeTenant(context: SessionContext, actions: readonly Action[]): Promise<void> {
  const access = await context.access()
  const isAdmin =
    !access.portal &&
    context.registry
      .all()
      .every(
        ({ name }) =>
          hiddenFields(access, name).size === 0 &&
          actions.every((action) => ['yes', 'all'].includes(levelFor(access, name, action))),
      )
  if (!isAdmin) {
    throw new CrmError('access_denied', 'A backup is of the whole tenant, which the actor has no right to', {
      remedy: 'use a system actor, or one whose role is admin',
    })
  }
  if (context.joinsHostTransaction) {
    throw new CrmError('unsupported', 'A backup cannot join a transaction of the host', {
      remedy: 'use a session without one',
    })
  }
}
