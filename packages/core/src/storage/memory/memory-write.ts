import { CrmError } from '../../kernel/crm-error.js'
import { compareScalars } from '../evaluate-filter.js'
import type { Path, Row, Scalar } from '../row.js'
import type { Change } from '../storage-adapter.js'
import { checkFailed, idExists, rowMissing, uniqueConflict, versionConflict } from '../storage-errors.js'
import type { Write, WriteResult } from '../write.js'
import type { MemoryCollection } from './memory-collection.js'
import { storedRow } from './stored-row.js'

/** What a batch did. */
export interface BatchOutcome {
  readonly results: WriteResult[]
  readonly changes: readonly Omit<Change, 'position'>[]
}

type Patch = Extract<Write, { do: 'patch' }>

/**
 * Applies a batch write by write; each sees what those before it did, also with respect to unique indexes. When one fails, what
 * was done is undone and its error thrown.
 */
export function applyBatch(collectionOf: (entity: string) => MemoryCollection, batch: readonly Write[]): BatchOutcome {
  const undo: (() => void)[] = []
  const results: WriteResult[] = []
  const changes: Omit<Change, 'position'>[] = []
  try {
    for (const [writeIndex, write] of batch.entries()) {
      const collection = collectionOf(write.entity)
      const { result, after } = applyWrite(collection, write, writeIndex)
      results.push(result)
      if (write.do === 'check') continue
      const { id, version } = result
      const rival = after && collection.rivalIndex(after)
      if (rival) throw uniqueConflict(write.entity, rival.name, writeIndex, id)
      const before = collection.change(id, after)
      undo.push(() => collection.change(id, before))
      changes.push({ entity: write.entity, id, version, kind: after ? 'put' : 'delete' })
    }
  } catch (error) {
    for (const step of undo.reverse()) step()
    throw error
  }
  return { results, changes }
}

interface WriteOutcome {
  readonly result: WriteResult
  /** The row as it will be; nothing when it will be gone, or was only checked. */
  readonly after?: Row
}

function applyWrite(collection: MemoryCollection, write: Write, writeIndex: number): WriteOutcome {
  const { def } = collection
  switch (write.do) {
    case 'insert': {
      if (collection.get(write.row.id)) throw idExists(def.name, write.row.id, writeIndex)
      return stored(storedRow(def, write.row, write.row.version ?? 1))
    }
    case 'upsert': {
      const before = collection.get(write.row.id)
      return stored(storedRow(def, write.row, before ? before.version + 1 : (write.row.version ?? 1)))
    }
    case 'patch':
      return patched(collection, write, writeIndex)
    case 'delete': {
      const { id, version } = requireVersion(collection, write.id, write.ifVersion, writeIndex)
      return { result: { id, version } }
    }
    case 'check': {
      const version = collection.get(write.id)?.version ?? 0
      const holds = write.is === 'present' ? version > 0 : write.is === 'absent' ? version === 0 : version === write.is
      if (!holds) throw checkFailed(def.name, write.id, writeIndex)
      return { result: { id: write.id, version } }
    }
  }
}

function stored(after: Row): WriteOutcome {
  return { result: { id: after.id, version: after.version }, after }
}

function patched(collection: MemoryCollection, write: Patch, writeIndex: number): WriteOutcome {
  const { def } = collection
  const before = requireVersion(collection, write.id, write.ifVersion, writeIndex)
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
  collection: MemoryCollection,
  id: string,
  ifVersion: number | undefined,
  writeIndex: number,
): Row {
  const row = collection.get(id)
  if (!row) throw rowMissing(collection.def.name, id, writeIndex)
  if (ifVersion !== undefined && ifVersion !== row.version) {
    throw versionConflict(collection.def.name, id, writeIndex, row.version)
  }
  return row
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
