import { invalidField } from '../kernel/crm-error.js'
import { compareCodePoints } from '../kernel/text-safety.js'
import { type EntityDef, type OrderTerm, parseOrderTerm } from './entity-def.js'
import type { Row, Scalar } from './row.js'
import { compilePath, requirePath } from './value-at.js'

type OrderValue = Scalar | undefined
type Compare = (left: OrderValue, right: OrderValue) => number

interface Term {
  readonly read: (row: Row) => OrderValue
  readonly compare: Compare
}

/**
 * A comparison of two rows by the given terms, for `sort` (negative: left first). A missing value comes last in both directions.
 * Throws `validation_failed` for an unknown path and for one of a type that has no order (`text[]`, `json`).
 */
export function compileOrder(def: EntityDef, order: readonly OrderTerm[]): (left: Row, right: Row) => number {
  const terms = order.map((term) => compileTerm(def, term))
  const [first, second] = terms
  if (terms.length === 1 && first) return (left, right) => first.compare(first.read(left), first.read(right))
  if (terms.length === 2 && first && second) {
    return (left, right) =>
      first.compare(first.read(left), first.read(right)) || second.compare(second.read(left), second.read(right))
  }
  return (left, right) => {
    for (const { read, compare } of terms) {
      const found = compare(read(left), read(right))
      if (found !== 0) return found
    }
    return 0
  }
}

/** A row's place in an order: the values of all terms, `null` where missing. Goes into `Query.after`. */
export function orderValues(def: EntityDef, row: Row, order: readonly OrderTerm[]): (Scalar | null)[] {
  return order.map((term) => {
    const value = compilePath(def, parseOrderTerm(term).path)(row) ?? null
    return typeof value === 'object' ? null : (value as Scalar)
  })
}

/** A predicate that holds for rows strictly behind the place `after` of an order; see `Query.after`. */
export function isAfter(
  def: EntityDef,
  order: readonly OrderTerm[],
  after: readonly (Scalar | null)[],
): (row: Row) => boolean {
  const terms = order.map((term, index) => ({ ...compileTerm(def, term), bound: after[index] ?? undefined }))
  return (row) => {
    for (const { read, compare, bound } of terms) {
      const found = compare(read(row), bound)
      if (found !== 0) return found > 0
    }
    return false
  }
}

/**
 * Comparison of values of one term, `undefined` standing for missing. For adapters that keep values apart from rows, such as in
 * an index. Throws like {@link compileOrder}.
 */
export function compileTermOrder(def: EntityDef, term: OrderTerm): Compare {
  const { path, descending } = parseOrderTerm(term)
  const { type } = requirePath(def, path)
  if (type === 'json' || type === 'text[]')
    throw invalidField(path, `a ${type} field has no order; order by another field`)
  if (type === 'text') return descending ? descendingText : ascendingText
  return descending ? descendingPlain : ascendingPlain
}

function compileTerm(def: EntityDef, term: OrderTerm): Term {
  const compare = compileTermOrder(def, term)
  return { read: compilePath(def, parseOrderTerm(term).path) as Term['read'], compare }
}

function ascendingText(left: OrderValue, right: OrderValue): number {
  if (left === right) return 0
  if (left === undefined) return 1
  if (right === undefined) return -1
  return compareCodePoints(left as string, right as string)
}

function descendingText(left: OrderValue, right: OrderValue): number {
  return left === undefined || right === undefined ? ascendingText(left, right) : ascendingText(right, left)
}

/** Numbers, booleans and instants, whose ASCII form the engine compares rightly and fast. */
function ascendingPlain(left: OrderValue, right: OrderValue): number {
  if (left === right) return 0
  if (left === undefined) return 1
  if (right === undefined) return -1
  return left < right ? -1 : 1
}

function descendingPlain(left: OrderValue, right: OrderValue): number {
  return left === undefined || right === undefined ? ascendingPlain(left, right) : ascendingPlain(right, left)
}
