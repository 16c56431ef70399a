import { CrmError, invalidField, isCrmError } from '../kernel/crm-error.js'
import { type Definitions, requireEntity, requireTarget } from './definitions.js'
import type { EntityDef, FieldType, PathTarget } from './entity-def.js'
import { isName, requireInteger, requireName, requireObject } from './plain-object.js'
import { indexedPaths, isPreparedValue, prepareFieldValue, prepareScalar } from './prepare-value.js'
import type { NewRow, Path, Scalar } from './row.js'
import { type Write, writtenId } from './write.js'

type Given = Readonly<Record<string, unknown>>

/** Most writes of a batch where the adapter states no other bound. */
export const defaultMaxBatch = 1_000

/**
 * Checks a batch of writes and returns copies with instants in canonical form and without keys whose value is `null` or
 * `undefined` (in `patch.set`, `null` stays: it makes a value absent). Throws `validation_failed` with the position of the write in
 * `details.writeIndex`.
 *
 * With `owned`, whoever gives the batch changes nothing of it from then on: rows that are canonical already are checked, and not copied.
 */
export function prepareBatch(
  definitions: Definitions,
  batch: readonly Write[],
  maxBatch = defaultMaxBatch,
  owned = false,
): Write[] {
  if (!Array.isArray(batch)) throw invalidField('batch', 'expected a list of writes')
  if (batch.length < 1 || batch.length > maxBatch) {
    throw invalidField('batch', `expected 1 to ${maxBatch.toLocaleString('en')} writes; write in parts`)
  }
  const seen = new Map<string, Set<string>>()
  return batch.map((given: unknown, writeIndex) => {
    try {
      const write = prepareWrite(definitions, requireObject(given, 'batch', writeIndex), owned)
      const id = writtenId(write)
      const ids = seen.get(write.entity)
      if (ids?.has(id)) throw invalidField('id', 'a record appears once in a batch; put its changes into one write')
      if (ids) ids.add(id)
      else seen.set(write.entity, new Set([id]))
      return write
    } catch (error) {
      if (!isCrmError(error)) throw error
      throw new CrmError(error.code, error.message, { ...error.details, writeIndex }, { cause: error })
    }
  })
}

/** Checks one row to insert, as {@link prepareBatch} does. */
export function prepareRow(def: EntityDef, row: unknown): NewRow {
  const given = requireObject(row, 'row')
  const { fields, required } = rowShape(def)
  const prepared: NewRow = { id: requireName(given.id, 'id') }
  for (const path of Object.keys(given)) {
    const value = given[path]
    if (path === 'id' || value === undefined || value === null) continue
    if (path === 'version') {
      prepared.version = requireInteger(value, 'version', 1, Number.MAX_SAFE_INTEGER)
      continue
    }
    const { type, indexed } = fields.get(path) ?? { type: declared(def, path).type, indexed: false }
    prepared[path] = prepareFieldValue(type, value, path, indexed)
  }
  for (const path of required) {
    if (prepared[path] === undefined) throw invalidField(path, 'is required; give it a value')
  }
  return prepared
}

/** Whether {@link prepareRow} would give back a row like this one. */
function isPreparedRow(def: EntityDef, given: unknown): given is NewRow {
  if (typeof given !== 'object' || given === null) return false
  const row = given as Given
  const { fields, required } = rowShape(def)
  for (const path in row) {
    const field = fields.get(path)
    if (!field || !isPreparedValue(field.type, row[path], field.indexed)) return false
  }
  const { version = 1 } = row
  return isName(row.id) && (version as number) >= 1 && required.every((path) => row[path] !== undefined)
}

/** What every row of an entity is checked by, looked up once. */
interface RowShape {
  readonly fields: ReadonlyMap<Path, { readonly type: FieldType; readonly indexed: boolean }>
  readonly required: readonly Path[]
}

const rowShapeOf = new WeakMap<EntityDef, RowShape>()

function rowShape(def: EntityDef): RowShape {
  const known = rowShapeOf.get(def)
  if (known) return known
  const indexed = indexedPaths(def)
  const fields = Object.entries(def.fields)
  const shape: RowShape = {
    fields: new Map([
      ['id', { type: 'text', indexed: false }],
      ['version', { type: 'int', indexed: false }],
      ...fields.map(([path, { type }]) => [path, { type, indexed: indexed.has(path) }] as const),
    ]),
    required: fields.flatMap(([path, { required }]) => (required ? [path] : [])),
  }
  rowShapeOf.set(def, shape)
  return shape
}

function prepareWrite(definitions: Definitions, write: Given, owned: boolean): Write {
  const def = requireEntity(definitions, write.entity)
  const entity = def.name
  switch (write.do) {
    case 'insert':
    case 'upsert':
      if (owned && isPreparedRow(def, write.row)) return write as Extract<Write, { do: 'insert' | 'upsert' }>
      return { do: write.do, entity, row: prepareRow(def, write.row) }
    case 'patch':
      return preparePatch(def, write)
    case 'delete':
      return { do: 'delete', entity, id: requireName(write.id, 'id'), ...expectedVersion(write) }
    case 'check': {
      const { is } = write
      if (is === 'present' || is === 'absent') return { do: 'check', entity, id: requireName(write.id, 'id'), is }
      const version = requireInteger(is, 'is', 1, Number.MAX_SAFE_INTEGER)
      return { do: 'check', entity, id: requireName(write.id, 'id'), is: version }
    }
    default:
      throw invalidField('do', 'expected insert, upsert, patch, delete or check')
  }
}

function preparePatch(def: EntityDef, write: Given): Write {
  const named = new Set<Path>()
  const part = <T>(
    name: 'set' | 'add' | 'max' | 'min',
    prepare: (path: Path, value: unknown) => T,
  ): Record<string, Record<Path, T>> => {
    if (write[name] === undefined) return {}
    const entries = Object.entries(requireObject(write[name], name)).filter(([, value]) => value !== undefined)
    for (const [path] of entries) {
      if (named.has(path)) throw invalidField(path, 'is named twice in the patch; name it once')
      named.add(path)
    }
    return entries.length === 0
      ? {}
      : { [name]: Object.fromEntries(entries.map(([path, value]) => [path, prepare(path, value)])) }
  }
  if (write.touch !== undefined && write.touch !== false) throw invalidField('touch', 'expected false, or leave it out')
  return {
    do: 'patch',
    entity: def.name,
    id: requireName(write.id, 'id'),
    ...part('set', (path, value) => prepareSet(def, path, value)),
    ...part('add', (path, value) => prepareAddend(def, path, value)),
    ...part('max', (path, value) => prepareExtreme(def, path, value)),
    ...part('min', (path, value) => prepareExtreme(def, path, value)),
    ...expectedVersion(write),
    ...(write.touch === false && { touch: false as const }),
  }
}

function expectedVersion({ ifVersion }: Given): { ifVersion?: number } {
  return ifVersion === undefined
    ? {}
    : { ifVersion: requireInteger(ifVersion, 'ifVersion', 1, Number.MAX_SAFE_INTEGER) }
}

function prepareSet(def: EntityDef, path: Path, value: unknown): unknown {
  const { type, required } = declared(def, path)
  if (value !== null) return prepareFieldValue(type, value, path, indexedPaths(def).has(path))
  if (required) throw invalidField(path, 'is required; give it a value')
  return null
}

function prepareAddend(def: EntityDef, path: Path, value: unknown): number {
  const target = declared(def, path)
  if (target.type !== 'int' && target.type !== 'float') throw invalidField(path, 'is no number; add needs one')
  return prepareScalar(target, value, path) as number
}

function prepareExtreme(def: EntityDef, path: Path, value: unknown): Scalar {
  const target = declared(def, path)
  if (target.type === 'json' || target.type === 'text[]') throw invalidField(path, 'has no order; set it instead')
  return prepareFieldValue(target.type, value, path, indexedPaths(def).has(path)) as Scalar
}

/** A declared field that a write may name: not the id or the version, and not a place inside a `json` field. */
function declared(def: EntityDef, path: Path): PathTarget {
  const target = requireTarget(def, path, 'path')
  if (target.inside.length > 0) throw invalidField(path, `lies inside ${target.field}; replace that field whole`)
  if (target.field === 'id' || target.field === 'version')
    throw invalidField(path, 'is kept by the storage; leave it out')
  return target
}
