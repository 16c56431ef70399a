import { allOf, anyOf, everything, type Filter, nothing } from '../storage/filter.js'
import type { Path } from '../storage/row.js'
import { type AccessContext, levelFor } from './access-context.js'
import type { EntityAccess } from './entity-access.js'
import type { Action, Level } from './role.js'

/** Reads one value of a record by path. */
export type ValueOf = (path: Path) => unknown

/** What one level means for one actor and entity: the two faces of a rule, a filter and a test, are made from it. */
type Reach =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'underParent' }
  | { readonly kind: 'matching'; readonly any: readonly Match[]; readonly every: readonly Match[] }

type Match =
  | { readonly test: 'equals'; readonly path: Path; readonly value: string }
  | { readonly test: 'intersects'; readonly path: Path; readonly values: readonly string[] }

/**
 * Whether the actor may do something with a record. Agrees with {@link scope}: `can` is true exactly for the records that
 * `scope` lets pass. Records reached through a parent need `parentAllowed`, the answer for the parent.
 */
export function can(
  context: AccessContext,
  entity: string,
  access: EntityAccess,
  action: Action,
  read: ValueOf,
  parentAllowed = false,
): boolean {
  const reach = reachOf(context, entity, access, action)
  if (reach.kind === 'all') return true
  if (reach.kind === 'none') return false
  if (reach.kind === 'underParent') return parentAllowed
  const holds = (match: Match): boolean => {
    const value = read(match.path)
    if (match.test === 'equals') return value === match.value
    return Array.isArray(value) && match.values.some((wanted) => value.includes(wanted))
  }
  return reach.any.some(holds) && reach.every.every(holds)
}

/**
 * The records the actor may do something with, as a filter; `undefined` when they are reached only under a parent and none
 * was checked. `checkedParentId` is the id of a parent whose right was checked already.
 */
export function scope(
  context: AccessContext,
  entity: string,
  access: EntityAccess,
  action: Action,
  checkedParentId?: string,
): Filter | undefined {
  const reach = reachOf(context, entity, access, action)
  if (reach.kind === 'all') return everything
  if (reach.kind === 'none') return nothing
  if (reach.kind === 'underParent') {
    if (checkedParentId === undefined || typeof access.reach === 'string') return undefined
    return { op: 'eq', path: access.reach.field, value: checkedParentId }
  }
  return allOf(anyOf(...reach.any.map(toFilter)), ...reach.every.map(toFilter))
}

function toFilter(match: Match): Filter {
  return match.test === 'equals'
    ? { op: 'eq', path: match.path, value: match.value }
    : { op: 'hasAny', path: match.path, value: match.values }
}

function reachOf(context: AccessContext, entity: string, access: EntityAccess, action: Action): Reach {
  const level = levelFor(context, entity, action)
  if (level === 'no') return { kind: 'none' }
  return context.portal ? portalReach(context, access, level) : memberReach(context, access, level)
}

function memberReach(context: AccessContext, access: EntityAccess, level: Level): Reach {
  if (level === 'yes' || level === 'all' || access.reach === 'tenant') return { kind: 'all' }
  if (access.reach !== 'owned') return { kind: 'underParent' }
  if (level !== 'team' && level !== 'own') return { kind: 'none' }
  const any: Match[] = [{ test: 'equals', path: access.ownerField ?? 'ownerId', value: context.actor.id }]
  const teamIds = context.actor.teamIds ?? []
  if (level === 'team' && teamIds.length > 0) any.push({ test: 'intersects', path: 'teamIds', values: teamIds })
  return { kind: 'matching', any, every: [] }
}

function portalReach(context: AccessContext, access: EntityAccess, level: Level): Reach {
  const { portal } = access
  if (portal === undefined || context.actor.type !== 'contact') return { kind: 'none' }
  const every: Match[] = portal.only ? [{ test: 'equals', ...portal.only }] : []
  if (level === 'yes' || level === 'all') {
    return every.length === 0 ? { kind: 'all' } : { kind: 'matching', any: every, every: [] }
  }
  const any: Match[] = portal.contact ? [{ test: 'equals', path: portal.contact, value: context.actor.id }] : []
  if (level === 'own') every.push({ test: 'equals', path: 'createdBy.id', value: context.actor.id })
  if (level === 'company' && portal.company && context.actor.companyId) {
    any.push({ test: 'equals', path: portal.company, value: context.actor.companyId })
  }
  if (level === 'team' || any.length === 0) return { kind: 'none' }
  return { kind: 'matching', any, every }
}
