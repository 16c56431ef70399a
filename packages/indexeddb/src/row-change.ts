import {
  CrmError,
  checkFailed,
  compareScalars,
  type EntityDef,
  idExists,
  type NewRow,
  type Path,
  type Row,
  rowMissing,
  type Scalar,
  versionConflict,
  type Write,
  type WriteResult,
} from '@rapport/core/storage'

/** What one write does to one row. */
export interface RowChange {
  readonly result: WriteResult
  /** The row as it will be; nothing when it will be gone, or was only checked. */
  readonly after?: Row
}

type Patch = Extract<Write, { do: 'patch' }>

/** Whether a write must know the row it meets. An insert fails by itself when there is one. */
export function readsBefore(write: Write): boolean {
  return write.do !== 'insert'
}

/** Applies a write to the row it meets. Throws `conflict` or `not_found` as the contract says. */
export function changeRow(def: EntityDef, write: Write, before: Row | undefined, writeIndex: number): RowChange {
  switch (write.do) {
    case 'insert':
      if (before) throw idExists(def.name, write.row.id, writeIndex)
      return put(newRow(write.row, write.row.version ?? 1))
    case 'upsert':
      return put(newRow(write.row, before ? before.version + 1 : (write.row.version ?? 1)))
    case 'patch':
      return patched(def, write, requireVersion(def, write, before, writeIndex), writeIndex)
    case 'delete': {
      const { id, version } = requireVersion(def, write, before, writeIndex)
      return { result: { id, version } }
    }
    case 'check': {
      const version = before?.version ?? 0
      const holds = write.is === 'present' ? version > 0 : write.is === 'absent' ? version === 0 : version === write.is
      if (!holds) throw checkFailed(def.name, write.id, writeIndex)
      return { result: { id: write.id, version } }
    }
  }
}

function put(after: Row): RowChange {
  return { result: { id: after.id, version: after.version }, after }
}

/** What is stored of a row: absent values are absent keys. Lists and objects are copied by IndexedDB. */
function newRow(row: NewRow, version: number): Row {
  const stored: Row = { ...row, version }
  for (const path in row) if (row[path] === undefined || row[path] === null) delete stored[path]
  return stored
}

/** Values of fields that this release does not declare stay: a newer one in another tab may. */
function patched(def: EntityDef, write: Patch, before: Row, writeIndex: number): RowChange {
  const values: Record<Path, Scalar> = {}
  for (const [path, addend] of Object.entries(write.add ?? {})) {
    values[path] = sumOf(def, write.id, path, before[path], addend, writeIndex)
  }
  for (const [path, value] of Object.entries(write.max ?? {})) values[path] = extremeOf(before[path], value, 1)
  for (const [path, value] of Object.entries(write.min ?? {})) values[path] = extremeOf(before[path], value, -1)
  const version = write.touch === false ? before.version : before.version + 1
  const after = newRow({ ...before, ...write.set, ...values }, version)
  return {
    result: { id: after.id, version, ...(Object.keys(values).length > 0 && { values }) },
    after,
  }
}

function requireVersion(
  def: EntityDef,
  { id, ifVersion }: { readonly id: string; readonly ifVersion?: number },
  before: Row | undefined,
  writeIndex: number,
): Row {
  if (!before) throw rowMissing(def.name, id, writeIndex)
  if (ifVersion !== undefined && ifVersion !== before.version) {
    throw versionConflict(def.name, id, writeIndex, before.version)
  }
  return before
}

function sumOf(def: EntityDef, id: string, field: Path, held: unknown, addend: number, writeIndex: number): number {
  const sum = (typeof held === 'number' ? held : 0) + addend
  if (def.fields[field]?.type === 'int' ? Number.isSafeInteger(sum) : Number.isFinite(sum)) return sum
  const message = 'the sum is too large to be exact; add less'
  throw new CrmError('validation_failed', `${field}: ${message}`, {
    entity: def.name,
    id,
    field,
    writeIndex,
    issues: [{ path: field, message }],
  })
}

function extremeOf(held: unknown, value: Scalar, sign: 1 | -1): Scalar {
  if (held === undefined) return value
  return (compareScalars(value, held as Scalar) ?? 0) * sign > 0 ? value : (held as Scalar)
}
