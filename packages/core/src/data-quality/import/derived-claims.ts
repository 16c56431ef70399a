import type { EntityChange } from '../../entity/entity-change.js'

/**
 * What changes of one batch derive for other records, such as an order for its contact. Sums that are added add up; a value that was
 * read and is set does not, with nothing else for that record beside it.
 */
export class DerivedClaims {
  readonly #added = new Set<string>()
  readonly #set = new Set<string>()

  /** Whether changes cannot stand in a batch with those added before. */
  clashesWith(changes: readonly EntityChange[]): boolean {
    return derivationsIn(changes).some(({ key, sets }) => this.#set.has(key) || (sets && this.#added.has(key)))
  }

  add(changes: readonly EntityChange[]): void {
    for (const { key, sets } of derivationsIn(changes)) (sets ? this.#set : this.#added).add(key)
  }
}

function derivationsIn(changes: readonly EntityChange[]): { readonly key: string; readonly sets: boolean }[] {
  const own = new Set<string>()
  for (const change of changes) {
    if (change.kind === 'create') own.add(`${change.entity}/${change.id}`)
    else if ('before' in change) own.add(`${change.entity}/${change.before.id}`)
  }
  return changes.flatMap((change) => {
    if (change.kind !== 'derive') return []
    const key = `${change.entity}/${change.id}`
    return own.has(key) ? [] : [{ key, sets: change.set !== undefined }]
  })
}
