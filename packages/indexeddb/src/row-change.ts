import { applyWrite, type EntityDef, type Row, type Write, type WriteOutcome } from '@rapport/core/storage'

/** Whether a write must know the row it meets. An insert fails by itself when there is one. */
export function readsBefore(write: Write): boolean {
  return write.do !== 'insert'
}

/**
 * Applies a write to the row it meets, as `applyWrite` does. A patch keeps the values of fields that this release does not declare: a newer
 * one, in another tab until now, may.
 */
export function changeRow(def: EntityDef, write: Write, before: Row | undefined, writeIndex: number): WriteOutcome {
  const outcome = applyWrite(def, before, write, writeIndex)
  if (write.do !== 'patch' || !before || !outcome.after) return outcome
  const unknown = Object.keys(before).filter((path) => !Object.hasOwn(def.fields, path))
  const kept = Object.fromEntries(unknown.map((path) => [path, before[path]]))
  return { ...outcome, after: { ...kept, ...outcome.after } }
}
