import { customOf, storedValue } from '../../entity/custom-fields/record-value.js'
import type { Path, Row } from '../../storage/row.js'

/** A record with what is set in it, added up over all of its relations. */
export interface RelationUpdate {
  readonly before: Row
  readonly values: Record<Path, unknown>
}

/** The value of a field as it will be. */
export function plannedValue({ before, values }: RelationUpdate, path: Path): unknown {
  return storedValue({ ...before, ...values }, path)
}

/** Sets a field; `null` clears it. A custom one is set among the other custom values of the record. */
export function planValue({ before, values }: RelationUpdate, path: Path, value: unknown): void {
  if (!path.startsWith('custom.')) {
    values[path] = value
    return
  }
  const { [path.slice('custom.'.length)]: _, ...others } = customOf({ ...before, ...values })
  const custom = value === null ? others : { ...others, [path.slice('custom.'.length)]: value }
  values.custom = Object.keys(custom).length > 0 ? custom : null
}
