import { type EntityDef, type FieldType, resolvePath } from '../entity-def.js'
import { compareScalars } from '../evaluate-filter.js'
import type { Filter } from '../filter.js'
import type { Path, Scalar } from '../row.js'

/** One end of a range. */
export interface Bound {
  readonly value: Scalar
  readonly inclusive: boolean
}

/** What one path must lie between, and the conditions that say so. */
export interface Range {
  lower?: Bound
  upper?: Bound
  readonly from: Filter[]
}

/** What an index can use of a filter: conditions that all must hold, by path. */
export interface QueryConditions {
  /** All conditions joined by `and` at the top of the filter. */
  readonly all: readonly Filter[]
  readonly equal: ReadonlyMap<Path, { readonly value: Scalar | undefined; readonly from: Filter }>
  readonly ranges: ReadonlyMap<Path, Range>
  readonly oneOf: ReadonlyMap<Path, { readonly values: readonly Scalar[]; readonly from: Filter }>
  readonly members: ReadonlyMap<Path, { readonly terms: readonly string[]; readonly from: Filter }>
}

/** Takes a filter apart. Conditions on values of another type than the field's are left to the evaluator. */
export function queryConditions(def: EntityDef, where: Filter | undefined): QueryConditions {
  const all = where ? conjuncts(where) : []
  const equal = new Map<Path, { value: Scalar | undefined; from: Filter }>()
  const ranges = new Map<Path, Range>()
  const oneOf = new Map<Path, { values: readonly Scalar[]; from: Filter }>()
  const members = new Map<Path, { terms: readonly string[]; from: Filter }>()
  const fits = (path: Path, ...values: readonly Scalar[]): boolean => {
    const type = resolvePath(def, path)?.type
    return type !== undefined && values.every((value) => typeof value === scalarKinds[type])
  }
  for (const from of all) {
    switch (from.op) {
      case 'eq':
        if (fits(from.path, from.value) && !equal.has(from.path)) equal.set(from.path, { value: from.value, from })
        break
      case 'isNull':
        if (!equal.has(from.path)) equal.set(from.path, { value: undefined, from })
        break
      case 'in': {
        const values = [...new Set(from.values)]
        if (!fits(from.path, ...values)) break
        if (values.length !== 1) {
          if (!oneOf.has(from.path)) oneOf.set(from.path, { values, from })
        } else if (!equal.has(from.path)) equal.set(from.path, { value: values[0], from })
        break
      }
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        if (fits(from.path, from.value)) addBound(ranges, from.path, from.op, from.value, from)
        break
      case 'prefix':
        if (fits(from.path, from.value)) addPrefix(ranges, from.path, from.value, from)
        break
      case 'has':
      case 'hasAny': {
        const values: readonly unknown[] = from.op === 'has' ? [from.value] : from.value
        const terms = values.filter((value) => typeof value === 'string')
        if (!members.has(from.path)) members.set(from.path, { terms: [...new Set(terms)], from })
      }
    }
  }
  return { all, equal, ranges, oneOf, members }
}

const scalarKinds: Readonly<Record<FieldType, string>> = {
  text: 'string',
  instant: 'string',
  int: 'number',
  float: 'number',
  bool: 'boolean',
  'text[]': 'none',
  json: 'none',
}

function conjuncts(filter: Filter): Filter[] {
  return filter.op === 'and' ? filter.args.flatMap(conjuncts) : [filter]
}

/** Adds a bound where that side is still open; a second bound on the same side stays with the evaluator. */
function addBound(
  ranges: Map<Path, Range>,
  path: Path,
  op: 'lt' | 'lte' | 'gt' | 'gte',
  value: Scalar,
  from: Filter,
): void {
  const range = ranges.get(path) ?? { from: [] }
  const side = op === 'lt' || op === 'lte' ? 'upper' : 'lower'
  if (range[side]) return
  range[side] = { value, inclusive: op === 'lte' || op === 'gte' }
  range.from.push(from)
  ranges.set(path, range)
}

function addPrefix(ranges: Map<Path, Range>, path: Path, prefix: string, from: Filter): void {
  if (ranges.has(path)) return
  const next = behindPrefix(prefix)
  ranges.set(path, {
    lower: { value: prefix, inclusive: true },
    ...(next !== undefined && { upper: { value: next, inclusive: false } }),
    from: [from],
  })
}

/** The least text behind all texts that start with a prefix; `undefined` when there is none. */
function behindPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue
    // Surrogates are no characters: U+D7FF is followed by U+E000.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
  }
  return undefined
}

/** Whether a range can hold nothing, so that nothing need be read. */
export function isEmptyRange({ lower, upper }: Range): boolean {
  if (!lower || !upper) return false
  const order = compareScalars(lower.value, upper.value) ?? 0
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive))
}
