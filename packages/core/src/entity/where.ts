import { invalidField } from '../kernel/crm-error.js'
import { allOf, anyOf, everything, type Filter } from '../storage/filter.js'
import { foldText } from '../storage/fold-text.js'
import { filterDepthLimit, filterNodeLimit } from '../storage/prepare-filter.js'
import type { Path, Scalar } from '../storage/row.js'
import type { Entity } from './entity.js'

/** What a field is compared with: a value for equality, or operators, all of which must hold. */
export type WhereTerm =
  | Scalar
  | {
      readonly eq?: Scalar
      readonly ne?: Scalar
      readonly lt?: Scalar
      readonly lte?: Scalar
      readonly gt?: Scalar
      readonly gte?: Scalar
      readonly in?: readonly Scalar[]
      readonly isNull?: boolean
      readonly prefix?: string
      readonly contains?: string
      /** With `prefix` and `contains`: case and accents do not matter. */
      readonly fold?: boolean
      readonly has?: Scalar
      readonly hasAny?: readonly Scalar[]
    }

/**
 * A filter as an object: `{ status: 'open', total: { gte: 5 }, or: [{ … }, { … }], not: { … } }`. All entries must hold. It
 * compiles to the plain {@link Filter}, which is accepted in its place.
 */
export interface WhereObject {
  readonly and?: readonly Where[]
  readonly or?: readonly Where[]
  readonly not?: Where
  readonly [path: Path]: WhereTerm | readonly Where[] | Where | undefined
}

/** A filter, plain or as an object. */
export type Where = Filter | WhereObject

const comparisons = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const
const operators = [...comparisons, 'in', 'isNull', 'prefix', 'contains', 'has', 'hasAny'] as const
const known = new Set<string>([...operators, 'fold'])
const longestPath = 512

/**
 * The plain filter of a `where`, whose shape is not trusted: it may come from the wire. Values and paths are checked by the
 * storage guard; here only what the sugar itself can get wrong, with `validation_failed` naming the place.
 */
export function toFilter(where: unknown): Filter {
  let conditions = 0
  const visit = (node: unknown, place: string, depth: number): Filter => {
    if (node === undefined) return everything
    if (depth > filterDepthLimit)
      throw invalidField('where', `is nested deeper than ${filterDepthLimit} levels; flatten it`)
    if (!isObject(node)) throw invalidField(place, 'must be an object')
    if (typeof node.op === 'string') {
      count()
      return plainFilter(node, place, (child, at) => visit(child, at, depth + 1))
    }
    const parts = Object.entries(node).map(([key, value]): Filter => {
      count()
      if (key.length > longestPath) throw invalidField(place, 'holds a name that is too long to be a field')
      const at = `${place}.${key}`
      if (value === undefined) return everything
      const all = (): Filter[] => listOf(value, at).map((item, index) => visit(item, `${at}.${index}`, depth + 1))
      if (key === 'and') return allOf(...all())
      if (key === 'or') return anyOf(...all())
      if (key === 'not') return { op: 'not', arg: visit(value, at, depth + 1) }
      return termFilter(key, value, at)
    })
    return allOf(...parts)
  }
  const count = (): void => {
    if (++conditions > filterNodeLimit)
      throw invalidField('where', `at most ${filterNodeLimit} conditions are allowed; simplify the filter`)
  }
  return visit(where, 'where', 0)
}

/** Rewrites `fold: true` to the folded shadow of the field. Throws `validation_failed` where the field declares none. */
export function resolveFolding(entity: Entity, filter: Filter): Filter {
  if (filter.op === 'and' || filter.op === 'or') {
    return { op: filter.op, args: filter.args.map((arg) => resolveFolding(entity, arg)) }
  }
  if (filter.op === 'not') return { op: 'not', arg: resolveFolding(entity, filter.arg) }
  if ((filter.op !== 'prefix' && filter.op !== 'contains') || filter.fold !== true) return filter
  const shadow = entity.shadows.get(filter.path)
  if (!shadow) throw invalidField(filter.path, 'cannot be compared with fold; leave fold out')
  return { op: filter.op, path: shadow, value: foldText(filter.value) }
}

/** A copy that holds what its operator needs and nothing else: what is looked at here is what the storage will see. */
function plainFilter(
  node: Record<string, unknown>,
  place: string,
  visit: (child: unknown, place: string) => Filter,
): Filter {
  const { op, path, value, values, fold } = node
  if (op === 'and' || op === 'or') {
    return { op, args: listOf(node.args, `${place}.args`).map((arg, index) => visit(arg, `${place}.args.${index}`)) }
  }
  if (op === 'not') {
    if (node.arg === undefined) throw invalidField(`${place}.arg`, 'must be a filter')
    return { op, arg: visit(node.arg, `${place}.arg`) }
  }
  if (typeof path !== 'string' || path.length > longestPath) throw invalidField(`${place}.path`, 'must name a field')
  if (op === 'isNull') return { op, path }
  if (op === 'in') return { op, path, values: listOf(values, `${place}.values`) as Scalar[] }
  if (op === 'hasAny') return { op, path, value: listOf(value, `${place}.value`) as Scalar[] }
  if (op === 'prefix' || op === 'contains') return textFilter(op, path, value, fold, place)
  if (op === 'has' || isComparison(op)) return { op, path, value: value as Scalar }
  throw invalidField(`${place}.op`, `is no operator; use one of ${['and', 'or', 'not', ...operators].join(', ')}`)
}

function textFilter(op: 'prefix' | 'contains', path: Path, value: unknown, fold: unknown, place: string): Filter {
  if (typeof value !== 'string') throw invalidField(place, 'must compare with text')
  if (fold !== undefined && typeof fold !== 'boolean') throw invalidField(`${place}.fold`, 'must be true or false')
  return { op, path, value, ...(fold === true && { fold }) }
}

function isComparison(op: unknown): op is (typeof comparisons)[number] {
  return (comparisons as readonly unknown[]).includes(op)
}

function termFilter(path: Path, term: unknown, place: string): Filter {
  if (!isObject(term)) {
    if (term === null) throw invalidField(place, 'cannot be compared with null; write { isNull: true }')
    return { op: 'eq', path, value: term as Scalar }
  }
  const unknownKey = Object.keys(term).find((key) => !known.has(key))
  if (unknownKey !== undefined)
    throw invalidField(`${place}.${unknownKey}`, `is no operator; use one of ${[...known].join(', ')}`)
  const parts: Filter[] = []
  for (const op of comparisons) if (term[op] !== undefined) parts.push({ op, path, value: term[op] as Scalar })
  if (term.in !== undefined) parts.push({ op: 'in', path, values: listOf(term.in, `${place}.in`) as Scalar[] })
  if (term.isNull !== undefined) {
    if (typeof term.isNull !== 'boolean') throw invalidField(`${place}.isNull`, 'must be true or false')
    parts.push(term.isNull ? { op: 'isNull', path } : { op: 'not', arg: { op: 'isNull', path } })
  }
  for (const op of ['prefix', 'contains'] as const) {
    if (term[op] !== undefined) parts.push(textFilter(op, path, term[op], term.fold, `${place}.${op}`))
  }
  if (term.fold !== undefined && term.prefix === undefined && term.contains === undefined)
    throw invalidField(`${place}.fold`, 'goes with prefix or contains')
  if (term.has !== undefined) parts.push({ op: 'has', path, value: term.has as Scalar })
  if (term.hasAny !== undefined)
    parts.push({ op: 'hasAny', path, value: listOf(term.hasAny, `${place}.hasAny`) as Scalar[] })
  if (parts.length === 0) throw invalidField(place, 'names no operator')
  return allOf(...parts)
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidField(place, 'must be a list')
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
