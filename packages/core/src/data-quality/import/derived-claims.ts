import { changedId, type EntityChange } from '../../entity/entity-change.js'

/**
 * What changes of one batch derive for other records, such as an order for its contact. Sums that are added add up; a value that was
 * read and is set does not, with nothing else for that record beside it.
 */
export class DerivedClaims {
  readonly #added = new Set<string>()
  readonly #set = new Set<string>()

  /** Whether changes cannot stand in a batch with those added before. */
  clashesWith(changes: readonly EntityChange[]): boolean {
    for (const change of changes) {
      if (!isForOther(change, changes)) continue
      const key = keyOf(change)
      if (this.#set.has(key) || (change.set !== undefined && this.#added.has(key))) return true
    }
    return false
  }

  add(changes: readonly EntityChange[]): void {
    for (const change of changes)
      if (isForOther(change, changes)) (change.set === undefined ? this.#added : this.#set).add(keyOf(change))
  }
}

type DerivedChange = Extract<EntityChange, { kind: 'derive' }>

/** Whether a change derives something for a record that none of the others makes or changes. A row has few changes: no index is worth it. */
function isForOther(change: EntityChange, all: readonly EntityChange[]): change is DerivedChange {
  if (change.kind !== 'derive') return false
  const isOwn = (other: EntityChange): boolean =>
    (other.kind === 'create' || 'before' in other) && other.entity === change.entity && changedId(other) === change.id
  return !all.some(isOwn)
}

function keyOf({ entity, id }: DerivedChange): string {
  return `${entity}/${id}`
}
