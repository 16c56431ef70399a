import { type EntityDef, type Filter, type Path, resolvePath, type Scalar } from '@rapport/core/storage'
import { isEncodable } from './index-term.js'

/** One end of a range of values. */
export interface Bound {
  readonly value: Scalar
  readonly inclusive: boolean
}

/** What a path must lie between. `prefix` stands alone. */
export interface ValueRange {
  readonly lower?: Bound
  readonly upper?: Bound
  readonly prefix?: string
}

/** What keys can be made of in a filter, by path. Conditions that are not used for keys are evaluated on the rows. */
export interface FilterConditions {
  /** The parts that all must hold. */
  readonly all: readonly Filter[]
  /** Values that a path has in every row of the result, `undefined` for missing. */
  readonly equal: ReadonlyMap<Path, Scalar | undefined>
  readonly oneOf: ReadonlyMap<Path, readonly Scalar[]>
  readonly ranges: ReadonlyMap<Path, ValueRange>
  /** Members of which a list must hold at least one. */
  readonly members: ReadonlyMap<Path, readonly string[]>
}

/** Takes a filter apart. What no key can be made of is found in `all` alone. */
export function filterConditions(def: EntityDef, where: Filter | undefined): FilterConditions {
  const all = where ? conjuncts(where) : []
  const equal = new Map<Path, Scalar | undefined>()
  const oneOf = new Map<Path, readonly Scalar[]>()
  const ranges = new Map<Path, ValueRange>()
  const members = new Map<Path, readonly string[]>()
  const encodable = (path: Path, values: readonly Scalar[]): boolean => {
    const target = resolvePath(def, path)
    return (
      target !== undefined && target.inside.length === 0 && values.every((value) => isEncodable(target.type, value))
    )
  }
  const add = <T>(map: Map<Path, T>, path: Path, value: T): void => {
    if (!map.has(path)) map.set(path, value)
  }
  for (const part of all) {
    switch (part.op) {
      case 'isNull':
        add(equal, part.path, undefined)
        break
      case 'eq':
        if (encodable(part.path, [part.value])) add(equal, part.path, part.value)
        break
      case 'in':
        if (!encodable(part.path, part.values)) break
        if (part.values.length === 1) add(equal, part.path, part.values[0])
        else add(oneOf, part.path, [...new Set(part.values)])
        break
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        if (encodable(part.path, [part.value])) {
          ranges.set(part.path, narrowed(ranges.get(part.path), part.op, part.value))
        }
        break
      case 'prefix':
        if (resolvePath(def, part.path)?.type === 'text' && encodable(part.path, [part.value])) {
          add(ranges, part.path, { prefix: part.value })
        }
        break
      case 'has':
      case 'hasAny': {
        const values = part.op === 'has' ? [part.value] : part.value
        if (resolvePath(def, part.path)?.type === 'text[]' && values.every((value) => isEncodable('text', value))) {
          add(members, part.path, [...new Set(values as readonly string[])])
        }
      }
    }
  }
  return { all, equal, oneOf, ranges, members }
}

function conjuncts(filter: Filter): Filter[] {
  return filter.op === 'and' ? filter.args.flatMap(conjuncts) : [filter]
}

/** A range with a bound more, where that side is still open. */
function narrowed(range: ValueRange = {}, op: 'lt' | 'lte' | 'gt' | 'gte', value: Scalar): ValueRange {
  const side = op === 'lt' || op === 'lte' ? 'upper' : 'lower'
  if (range.prefix !== undefined || range[side]) return range
  return { ...range, [side]: { value, inclusive: op === 'lte' || op === 'gte' } }
}
