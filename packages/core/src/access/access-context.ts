import { type Actor, isPortalActor } from './actor.js'
import { type Action, type AssignmentLevel, type EntityRights, type Level, type Role, widerLevel } from './role.js'

/** An actor with its rights looked up: what `can` and `scope` decide from. */
export interface AccessContext {
  readonly actor: Actor
  readonly portal: boolean
  readonly roles: readonly Role[]
}

/** Joins an actor and its roles. */
export function accessContext(actor: Actor, roles: readonly Role[]): AccessContext {
  return { actor, portal: isPortalActor(actor), roles }
}

const memberLevels: ReadonlySet<Level> = new Set(['yes', 'all', 'team', 'own', 'no'])
const portalLevels: ReadonlySet<Level> = new Set(['yes', 'all', 'company', 'contact', 'own', 'no'])

/**
 * How far the actor's right to do something with an entity reaches: the widest of its roles. A level that means nothing for this
 * kind of actor, such as `team` for a visitor, counts as `no`, so that it cannot stand in for a narrower one that means something.
 */
export function levelFor(context: AccessContext, entity: string, action: Action): Level {
  const meaningful = context.portal ? portalLevels : memberLevels
  let level: Level = 'no'
  for (const role of context.roles) {
    const granted = rightsOf(role, entity)?.[action] ?? 'no'
    if (meaningful.has(granted)) level = widerLevel(level, granted)
  }
  return level
}

/** To whom the actor may give records: the widest of its roles, `all` when none of them says anything. Visitors give nothing away. */
export function assignmentLevel({ portal, roles }: AccessContext): AssignmentLevel {
  if (portal) return 'no'
  const said = new Set(roles.flatMap(({ assignment }) => assignment ?? []))
  if (said.size === 0 || said.has('all')) return 'all'
  return said.has('team') ? 'team' : 'no'
}

/** Whether the actor may make somebody the owner of a record: itself, and others as far as its {@link assignmentLevel} reaches. */
export function mayAssign(context: AccessContext, memberId: string, memberTeamIds: readonly string[]): boolean {
  const { actor } = context
  if (!context.portal && actor.id === memberId) return true
  const level = assignmentLevel(context)
  return level === 'all' || (level === 'team' && memberTeamIds.some((team) => actor.teamIds?.includes(team)))
}

/** Whether the actor may take records out of the public pool: a role lets it `claim`, or it may update every record anyway. */
export function mayClaim(context: AccessContext, entity: string): boolean {
  if (context.portal) return false
  const level = levelFor(context, entity, 'update')
  return level === 'yes' || level === 'all' || context.roles.some((role) => rightsOf(role, entity)?.claim === true)
}

/** Fields of an entity that every role of the actor hides. */
export function hiddenFields(context: AccessContext, entity: string): ReadonlySet<string> {
  return maskedByAll(context, entity, 'read', (rights) => rights.hiddenFields)
}

/** Fields of an entity that no role of the actor lets it change, beyond the hidden ones. */
export function readOnlyFields(context: AccessContext, entity: string): ReadonlySet<string> {
  return maskedByAll(context, entity, 'update', (rights) => [
    ...(rights.readOnlyFields ?? []),
    ...(rights.hiddenFields ?? []),
  ])
}

/** A mask counts only when each role that grants the action carries it: roles add up to the most permissive. */
function maskedByAll(
  context: AccessContext,
  entity: string,
  action: Action,
  fieldsOf: (rights: EntityRights) => readonly string[] | undefined,
): ReadonlySet<string> {
  let masked: Set<string> | undefined
  for (const role of context.roles) {
    const rights = rightsOf(role, entity)
    if (rights === undefined || (rights[action] ?? 'no') === 'no') continue
    const fields = new Set(fieldsOf(rights) ?? [])
    masked = masked === undefined ? fields : new Set([...masked].filter((field) => fields.has(field)))
  }
  return masked ?? new Set()
}

function rightsOf(role: Role, entity: string): EntityRights | undefined {
  return role.rights[entity] ?? role.rights['*']
}
