import { levelFor } from '../access/access-context.js'
import { can, type ValueOf } from '../access/rights.js'
import type { Action } from '../access/role.js'
import { CrmError } from '../kernel/crm-error.js'
import { stampOf } from './base-record.js'
import { type Entity, readerOf } from './entity.js'
import type { EntityChange } from './entity-change.js'
import { newOwnerOf, requireAssignable } from './owner-assignment.js'
import type { SessionContext } from './session-context.js'

type Values = Readonly<Record<string, unknown>>

const actionOf = { create: 'create', update: 'update', delete: 'delete', restore: 'delete' } as const

/**
 * Checks every change that is not implied by another one; parents are read once per entity. Throws `access_denied`, also when the
 * actor may not even read.
 */
export async function authoriseChanges(context: SessionContext, changes: readonly EntityChange[]): Promise<void> {
  const access = await context.access()
  const owners = new Map<string, Entity>()
  const underParent = new Map<Entity, { readonly action: Action; readonly values: Values }[]>()
  const created = readerOf({ createdBy: stampOf(context.actor) })
  for (const change of changes) {
    if (change.kind !== 'create' && !('before' in change)) continue
    if (change.implied) continue
    const entity = context.registry.get(change.entity)
    const action: Action = actionOf[change.kind]
    const values = change.kind === 'create' ? change.values : change.before
    const read = change.kind === 'create' ? readerOfNew(values, created) : readerOf(values)
    const owner = newOwnerOf(entity, change)
    if (owner !== undefined) owners.set(owner, entity)
    const allowed = (parentAllowed: boolean): boolean =>
      can(access, entity.name, entity.access, action, read, parentAllowed)
    if (allowed(false)) continue
    if (!allowed(true)) throw accessDenied(entity.name, action)
    underParent.set(entity, [...(underParent.get(entity) ?? []), { action, values }])
  }
  await requireAssignable(context, owners)
  for (const [entity, children] of underParent) {
    const readable = await readableUnderParent(
      context,
      entity,
      children.map(({ values }) => values),
    )
    const refused = children.find((_, index) => !readable[index])
    if (refused) throw accessDenied(entity.name, refused.action)
  }
}

/** A record that is not there yet, as a test of rights reads it: made by the actor. */
function readerOfNew(values: Values, created: ValueOf): ValueOf {
  const read = readerOf(values)
  return (path) => (path === 'createdBy' || path.startsWith('createdBy.') ? created(path) : read(path))
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

/**
 * For each record reached through a parent, whether that parent may be read, followed up to an entity that knows its own rights.
 * One read for all parents.
 */
export async function readableUnderParent(
  context: SessionContext,
  entity: Entity,
  children: readonly Values[],
): Promise<boolean[]> {
  const { reach } = entity.access
  if (typeof reach === 'string' || children.length === 0) return children.map(() => false)
  const parent = context.registry.get(reach.parent)
  const parentIds = children.map((values) => values[reach.field])
  const wanted = [...new Set(parentIds.filter((id) => typeof id === 'string'))]
  const [access, found] = await Promise.all([context.access(), context.storage.getMany(parent.name, wanted)])
  const rows = found.filter((row) => row !== undefined)
  const above = await readableUnderParent(context, parent, rows)
  const readable = new Set(
    rows
      .filter((row, index) => can(access, parent.name, parent.access, 'read', readerOf(row), above[index]))
      .map(({ id }) => id),
  )
  return parentIds.map((id) => typeof id === 'string' && readable.has(id))
}
