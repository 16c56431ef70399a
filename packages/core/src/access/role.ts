import type { Actor } from './actor.js'

/** What can be done to a record. */
export type Action = 'create' | 'read' | 'update' | 'delete'

/**
 * How far a right reaches, from widest to narrowest.
 * - Members: `yes` and `all` (every record), `team` (records of a shared team, and own ones), `own`, `no`.
 * - Portal actors: `all`, `company` (records of the actor's company, and own ones), `contact` (records about the actor),
 *   `own` (of those, the ones the actor created), `no`.
 */
export type Level = 'yes' | 'all' | 'team' | 'company' | 'contact' | 'own' | 'no'

/** Rights to one entity. An action that is left out is `no`. */
export interface EntityRights {
  readonly create?: Level
  readonly read?: Level
  readonly update?: Level
  readonly delete?: Level
  /** May see the records of the public pool, whatever the level to read, and claim them. Who may update all records may do so too. */
  readonly claim?: boolean
  /** Fields hidden although the record may be read. */
  readonly hiddenFields?: readonly string[]
  /** Fields shown but not to be changed. */
  readonly readOnlyFields?: readonly string[]
}

/** A named set of rights. Several roles of an actor add up: the most permissive one wins, per right and per field. */
export interface Role {
  readonly key: string
  /** Rights by entity name; `*` stands for every entity that has no line of its own. */
  readonly rights: Readonly<Record<string, EntityRights>>
  /** To whom its bearer may give records. When no role of an actor says anything, to anybody. */
  readonly assignment?: AssignmentLevel
}

/** To whom records may be given: to anybody, to members of a shared team, or to nobody; to oneself always. */
export type AssignmentLevel = 'all' | 'team' | 'no'

/** Where the host keeps rights. Called once per tenant and actor, then cached. */
export type RolesCallback = (tenantId: string, actor: Actor) => readonly Role[] | Promise<readonly Role[]>

const everything: EntityRights = { create: 'yes', read: 'yes', update: 'yes', delete: 'yes' }

/** May do everything in its tenant. What `user` and `system` actors get when the host gives no `roles`. */
export const adminRole: Role = { key: 'admin', rights: { '*': everything } }

/** A visitor who signed in to a shop: reads what is about them, opens tickets and answers in them. */
export const portalRole: Role = {
  key: 'portal',
  rights: {
    contact: { read: 'contact' },
    contactPoint: { read: 'contact' },
    consent: { read: 'contact' },
    order: { read: 'contact' },
    ticket: { create: 'contact', read: 'contact' },
    conversation: { read: 'contact' },
    message: { create: 'contact', read: 'contact' },
  },
}

/** Roles by type of actor for hosts that do not pass `roles`. Anonymous visitors may do nothing. */
export function defaultRoles(_tenantId: string, actor: Actor): readonly Role[] {
  if (actor.type === 'contact') return [portalRole]
  return actor.type === 'anonymous' ? [] : [adminRole]
}

const breadth: readonly Level[] = ['no', 'own', 'contact', 'team', 'company', 'all', 'yes']

/** The wider of two levels. */
export function widerLevel(left: Level, right: Level): Level {
  return breadth.indexOf(left) >= breadth.indexOf(right) ? left : right
}
