import type { Path } from '../storage/row.js'

/** How the records of an entity are reached, declared once per entity; `can` and `scope` follow from it. */
export interface EntityAccess {
  /**
   * - `owned`: the record names its owner and teams.
   * - `tenant`: no owner; who has any right to the entity has it to all records.
   * - a parent: rights follow the record that `field` points to; lists are given only under a parent already checked.
   */
  readonly reach: 'owned' | 'tenant' | { readonly parent: string; readonly field: Path }
  /** The field that names the owner; `ownerId` when left out. */
  readonly ownerField?: Path
  /** Paths that tie a record to a portal actor. Without it no portal actor reaches the entity. */
  readonly portal?: {
    /** Holds the id of the contact the record is about. Portal actors see it, and the other two paths, besides `fields`. */
    readonly contact?: Path
    /** Holds the id of the company the record is about. */
    readonly company?: Path
    /** Only records whose field has this value are for portal actors, such as `visibility: 'public'`. */
    readonly only?: { readonly path: Path; readonly value: string }
    /** The fields a portal actor is shown, besides `id`, `version` and the times. */
    readonly fields: readonly Path[]
    /** The fields a portal actor may set when it creates or changes a record. */
    readonly writable?: readonly Path[]
  }
}
