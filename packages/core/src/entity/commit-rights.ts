import { levelFor } from '../access/access-context.js'
import { can } from '../access/rights.js'
import type { Action } from '../access/role.js'
import { CrmError } from '../kernel/crm-error.js'
import { stampOf } from './base-record.js'
import { type Entity, readerOf } from './entity.js'
import type { EntityChange } from './entity-change.js'
import type { SessionContext } from './session-context.js'

const actionOf = { create: 'create', update: 'update', delete: 'delete', restore: 'delete' } as const

/** Checks every change that is not implied by another one. Throws `access_denied`, also when the actor may not even read. */
export async function authoriseChanges(context: SessionContext, changes: readonly EntityChange[]): Promise<void> {
  const access = await context.access()
  for (const change of changes) {
    if (change.kind !== 'create' && !('before' in change)) continue
    if (change.implied) continue
    const entity = context.registry.get(change.entity)
    const action: Action = actionOf[change.kind]
    const values = change.kind === 'create' ? { ...change.values, createdBy: stampOf(context.actor) } : change.before
    const allowed = (parentAllowed: boolean): boolean =>
      can(access, entity.name, entity.access, action, readerOf(values), parentAllowed)
    if (allowed(false)) continue
    if (!allowed(true) || !(await parentReadable(context, entity, values))) throw accessDenied(entity.name, action)
  }
}

/** Throws `access_denied` when the actor has no right of this kind to any record of the entity. */
export async function requireRight(context: SessionContext, entity: Entity, action: Action): Promise<void> {
  if (levelFor(await context.access(), entity.name, action) === 'no') throw accessDenied(entity.name, action)
}

/** The error for a right that is missing. */
export function accessDenied(entity: string, action: Action): CrmError {
  return new CrmError('access_denied', `The actor may not ${action} this ${entity}`, {
    entity,
    reason: action,
    remedy: 'give the actor a role with this right',
  })
}

function needsParent(entity: Entity): boolean {
  return typeof entity.access.reach === 'object'
}

/** Whether the record's parent may be read, followed up to an entity that knows its own rights. */
export async function parentReadable(
  context: SessionContext,
  entity: Entity,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { reach } = entity.access
  if (typeof reach === 'string') return false
  const parentId = values[reach.field]
  if (typeof parentId !== 'string') return false
  const parent = context.registry.get(reach.parent)
  const [row] = await context.storage.getMany(parent.name, [parentId])
  if (!row) return false
  const above = needsParent(parent) && (await parentReadable(context, parent, row))
  return can(await context.access(), parent.name, parent.access, 'read', readerOf(row), above)
}
