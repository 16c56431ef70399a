import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { allOf } from '../../storage/filter.js'
import type { Path, Scalar } from '../../storage/row.js'
import type { ImportTarget, KeyOwners, MatchKey, RowInput } from './import-target.js'

const pageSize = 1_000

/** The key of a target by name: `id`, `custom.<key>`, or one of its own. Throws `validation_failed` for another. */
export function matchKeyNamed(target: ImportTarget, name: string): MatchKey {
  if (name === 'id') return idKey
  if (name.startsWith('custom.')) return fieldKey(target.entity.name, name)
  const known = Object.hasOwn(target.matchKeys, name) ? target.matchKeys[name] : undefined
  if (known) return known
  const names = [...Object.keys(target.matchKeys), 'id', 'custom.<key>']
  throw invalidField('matchOn', `must be one of ${names.join(', ')}`)
}

/** Rows name the record by its own id. */
const idKey: MatchKey = {
  field: 'id',
  keyOf: ({ id }) => (typeof id === 'string' ? id : undefined),
  find: async (_context, keys) => new Map(keys.map((key) => [key, [key]])),
}

/** A key on a field that holds one value, compared as it is stored. */
export function fieldKey(entity: string, field: Path): MatchKey {
  return {
    field,
    keyOf(input) {
      const value = valueIn(input, field)
      return isScalar(value) ? JSON.stringify(value) : undefined
    },
    async find(context, keys) {
      const values = keys.map((key) => JSON.parse(key) as Scalar)
      return ownersOf(context, entity, field, values, (row) => JSON.stringify(valueIn(row, field)))
    },
  }
}

/** Who has values in a field, page by page under the limit of `in`. */
async function ownersOf(
  context: SessionContext,
  entity: string,
  field: Path,
  values: readonly Scalar[],
  keyOf: (row: RowInput) => string,
): Promise<KeyOwners> {
  const owners = new Map<string, string[]>()
  for (let start = 0; start < values.length; start += pageSize) {
    const where = allOf(
      { op: 'in', path: field, values: values.slice(start, start + pageSize) },
      { op: 'isNull', path: 'deletedAt' },
    )
    for (let after: readonly [string] | undefined; ; ) {
      const page = await context.storage.find({
        entity,
        where,
        order: ['id'],
        limit: pageSize,
        ...(after && { after }),
      })
      for (const row of page.rows) owners.set(keyOf(row), [...(owners.get(keyOf(row)) ?? []), row.id])
      const last = page.rows.at(-1)
      if (page.done || !last) break
      after = [last.id]
    }
  }
  return owners
}

/** The value at a path of an input, or of a row. */
function valueIn(values: RowInput, path: Path): unknown {
  if (Object.hasOwn(values, path)) return values[path]
  const dot = path.indexOf('.')
  const parent = dot < 0 ? undefined : values[path.slice(0, dot)]
  return typeof parent === 'object' && parent !== null ? valueIn(parent as RowInput, path.slice(dot + 1)) : undefined
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
