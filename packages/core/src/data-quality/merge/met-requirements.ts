import { changedId, type EntityChange } from '../../entity/entity-change.js'

/**
 * A plan without what a change of it makes sure of by itself: that a record is at the version from which the plan changes it. A
 * company above the merged one may refer to it as well.
 */
export function withoutMet(changes: readonly EntityChange[]): readonly EntityChange[] {
  const changed = new Set(
    changes.flatMap((change) => ('before' in change ? [keyOf(change, change.before.version)] : [])),
  )
  return changes.filter(
    (change) => change.kind !== 'require' || typeof change.is !== 'number' || !changed.has(keyOf(change, change.is)),
  )
}

function keyOf(change: EntityChange, version: number): string {
  return `${change.entity}/${changedId(change)}/${version}`
}
