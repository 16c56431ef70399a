import { compareCodePoints } from '../kernel/text-safety.js'
import type { EntityDef } from './entity-def.js'
import type { Filter } from './filter.js'
import type { Path, Row, Scalar } from './row.js'
import { compilePath, requirePath } from './value-at.js'

type Predicate = (row: Row) => boolean

/**
 * A filter as a function of a row, with the exact semantics of {@link Filter}. It evaluates every operator on every path, also
 * those that adapters need not support; it does not check values (see `prepareFilter`). Throws `validation_failed` for an
 * unknown path.
 */
export function compileFilter(def: EntityDef, filter: Filter): Predicate {
  switch (filter.op) {
    case 'and':
      return allHold(filter.args.map((arg) => compileFilter(def, arg)))
    case 'or':
      return oneHolds(filter.args.map((arg) => compileFilter(def, arg)))
    case 'not': {
      const holds = compileFilter(def, filter.arg)
      return (row) => !holds(row)
    }
    case 'eq':
      return compileEqual(def, filter.path, filter.value)
    case 'ne': {
      const holds = compileEqual(def, filter.path, filter.value)
      return (row) => !holds(row)
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return compileRange(def, filter.op, filter.path, filter.value)
    case 'in': {
      const read = compilePath(def, filter.path)
      const values: ReadonlySet<unknown> = new Set(filter.values)
      return (row) => values.has(read(row))
    }
    case 'isNull': {
      const read = compilePath(def, filter.path)
      return (row) => read(row) === undefined
    }
    case 'prefix':
      return compileText(def, filter.path, (text) => text.startsWith(filter.value))
    case 'contains':
      return compileText(def, filter.path, (text) => text.includes(filter.value))
    case 'has':
      return compileMembership(def, filter.path, [filter.value])
    case 'hasAny':
      return compileMembership(def, filter.path, filter.value)
  }
}

/**
 * Order of two scalars of one type: numbers by size, strings by code point, `false` before `true`. `undefined` when the types
 * differ, so neither lies before the other.
 */
export function compareScalars(left: Scalar, right: Scalar): number | undefined {
  if (typeof left === 'string') return typeof right === 'string' ? compareCodePoints(left, right) : undefined
  if (typeof left !== typeof right) return undefined
  return left === right ? 0 : left < right ? -1 : 1
}

function allHold(predicates: readonly Predicate[]): Predicate {
  const [first, second, ...rest] = predicates
  if (!first) return () => true
  if (!second) return first
  if (rest.length === 0) return (row) => first(row) && second(row)
  const others = allHold(rest)
  return (row) => first(row) && second(row) && others(row)
}

function oneHolds(predicates: readonly Predicate[]): Predicate {
  const [first, second, ...rest] = predicates
  if (!first) return () => false
  if (!second) return first
  if (rest.length === 0) return (row) => first(row) || second(row)
  const others = oneHolds(rest)
  return (row) => first(row) || second(row) || others(row)
}

function compileEqual(def: EntityDef, path: Path, value: Scalar): Predicate {
  const { field, inside } = requirePath(def, path)
  if (inside.length === 0) return (row) => row[field] === value
  const read = compilePath(def, path)
  return (row) => read(row) === value
}

function compileRange(def: EntityDef, op: 'lt' | 'lte' | 'gt' | 'gte', path: Path, bound: Scalar): Predicate {
  const { field, inside } = requirePath(def, path)
  if (typeof bound === 'number' && inside.length === 0) return compileNumberRange(op, field, bound)
  const read = compilePath(def, path)
  const holds = (order: number): boolean =>
    op === 'lt' ? order < 0 : op === 'lte' ? order <= 0 : op === 'gt' ? order > 0 : order >= 0
  return (row) => {
    const value = read(row)
    if (value === undefined || typeof value === 'object') return false
    const order = compareScalars(value as Scalar, bound)
    return order !== undefined && holds(order)
  }
}

/** One closure per operator, without a call inside: these run once a row in scans of millions. */
function compileNumberRange(op: 'lt' | 'lte' | 'gt' | 'gte', field: Path, bound: number): Predicate {
  const isNumber = (value: unknown): value is number => typeof value === 'number'
  switch (op) {
    case 'lt':
      return ({ [field]: value }) => isNumber(value) && value < bound
    case 'lte':
      return ({ [field]: value }) => isNumber(value) && value <= bound
    case 'gt':
      return ({ [field]: value }) => isNumber(value) && value > bound
    case 'gte':
      return ({ [field]: value }) => isNumber(value) && value >= bound
  }
}

function compileText(def: EntityDef, path: Path, test: (text: string) => boolean): Predicate {
  const read = compilePath(def, path)
  return (row) => {
    const value = read(row)
    return typeof value === 'string' && test(value)
  }
}

function compileMembership(def: EntityDef, path: Path, wanted: readonly Scalar[]): Predicate {
  const read = compilePath(def, path)
  const values: ReadonlySet<unknown> = new Set(wanted)
  return (row) => {
    const held = read(row)
    return Array.isArray(held) && held.some((member) => values.has(member))
  }
}
