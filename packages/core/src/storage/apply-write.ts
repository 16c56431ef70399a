import { CrmError } from '../kernel/crm-error.js'
import type { EntityDef } from './entity-def.js'
import { compareScalars } from './evaluate-filter.js'
import { storedRow } from './memory/stored-row.js'
import type { Path, Row, Scalar } from './row.js'
import { checkFailed, idExists, rowMissing, versionConflict } from './storage-errors.js'
import { type Write, type WriteResult, writtenId } from './write.js'

/** What one write comes to. */
export interface WriteOutcome {
  readonly result: WriteResult
  /** The row as it will be; nothing when it will be gone, or was only checked. */
  readonly after?: Row
}

type Patch = Extract<Write, { do: 'patch' }>

/**
 * What a write does to the row that has its id, if there is one: the meaning of {@link Write} for adapters that compute rows by
 * themselves. Changes nothing; unique indexes are the caller's. Throws `conflict` or `not_found` with `details.writeIndex`, and
 * `validation_failed` when a sum is too large to be exact.
 */
export function applyWrite(def: EntityDef, before: Row | undefined, write: Write, writeIndex: number): WriteOutcome {
  const id = writtenId(write)
  switch (write.do) {
    case 'insert': {
      if (before) throw idExists(def.name, id, writeIndex)
      return stored(storedRow(def, write.row, write.row.version ?? 1))
    }
    case 'upsert':
      return stored(storedRow(def, write.row, before ? before.version + 1 : (write.row.version ?? 1)))
    case 'patch':
      return patched(def, requireVersion(def, before, write, writeIndex), write, writeIndex)
    case 'delete':
      return { result: { id, version: requireVersion(def, before, write, writeIndex).version } }
    case 'check': {
      const version = before?.version ?? 0
      const holds = write.is === 'present' ? version > 0 : write.is === 'absent' ? version === 0 : version === write.is
      if (!holds) throw checkFailed(def.name, id, writeIndex)
      return { result: { id, version } }
    }
  }
}

function stored(after: Row): WriteOutcome {
  return { result: { id: after.id, version: after.version }, after }
}

function patched(def: EntityDef, before: Row, write: Patch, writeIndex: number): WriteOutcome {
  const values: Record<Path, Scalar> = {}
  for (const [path, addend] of Object.entries(write.add ?? {})) {
    const sum = ((before[path] as number | undefined) ?? 0) + addend
    const exact = def.fields[path]?.type === 'int' ? Number.isSafeInteger(sum) : Number.isFinite(sum)
    if (!exact) throw sumTooLarge(def.name, write.id, path, writeIndex)
    values[path] = sum
  }
  for (const [path, value] of Object.entries(write.max ?? {})) values[path] = extreme(before[path], value, 1)
  for (const [path, value] of Object.entries(write.min ?? {})) values[path] = extreme(before[path], value, -1)
  const version = write.touch === false ? before.version : before.version + 1
  const after = storedRow(def, { ...before, ...write.set, ...values }, version)
  const result = { id: after.id, version, ...(Object.keys(values).length > 0 && { values }) }
  return { result, after }
}

function requireVersion(
  def: EntityDef,
  before: Row | undefined,
  { id, ifVersion }: { readonly id: string; readonly ifVersion?: number },
  writeIndex: number,
): Row {
  if (!before) throw rowMissing(def.name, id, writeIndex)
  if (ifVersion !== undefined && ifVersion !== before.version) {
    throw versionConflict(def.name, id, writeIndex, before.version)
  }
  return before
}

function extreme(held: unknown, value: Scalar, sign: 1 | -1): Scalar {
  if (held === undefined) return value
  return (compareScalars(value, held as Scalar) ?? 0) * sign > 0 ? value : (held as Scalar)
}

function sumTooLarge(entity: string, id: string, field: Path, writeIndex: number): CrmError {
  const issues = [{ path: field, message: 'the sum is too large to be exact; add less' }]
  return new CrmError('validation_failed', `${field}: the sum is too large to be exact`, {
    entity,
    id,
    field,
    writeIndex,
    issues,
  })
}
