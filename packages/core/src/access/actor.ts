/** Who acts. `contact` and `anonymous` are portal actors: visitors of a shop who reach only what is theirs. */
export type ActorType = 'user' | 'contact' | 'system' | 'import' | 'plugin' | 'agent' | 'anonymous'

/** The person or program behind a call. Stored with every change. */
export interface Actor {
  readonly type: ActorType
  /** The host's id of a user; the id of the contact for a portal actor. */
  readonly id: string
  /** Name to show beside a change. */
  readonly name?: string
  /** For a portal actor: the company whose records it may reach at level `company`. */
  readonly companyId?: string
  /** Teams of a member, for level `team`. */
  readonly teamIds?: readonly string[]
  /** The program it acts through, such as `widget` or `import`. */
  readonly via?: string
}

/** Whether an actor is a visitor rather than a member of staff or a program. */
export function isPortalActor(actor: Actor): boolean {
  return actor.type === 'contact' || actor.type === 'anonymous'
}
