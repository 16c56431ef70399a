import { invalidField } from '../kernel/crm-error.js'
import { allOf, anyOf, everything, type Filter } from '../storage/filter.js'
import { foldText } from '../storage/fold-text.js'
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
const known = new Set<string>([...comparisons, 'in', 'isNull', 'prefix', 'contains', 'fold', 'has', 'hasAny'])
const maxDepth = 32

/**
 * The plain filter of a `where`, whose shape is not trusted: it may come from the wire. Values and paths are checked by the
 * storage guard; here only what the sugar itself can get wrong, with `validation_failed` naming the place.
 */
export function toFilter(where: unknown, place = 'where', depth = 0): Filter {
  if (where === undefined) return everything
  if (depth > maxDepth) throw invalidField(place, `is nested deeper than ${maxDepth} levels; flatten it`)
  if (!isObject(where)) throw invalidField(place, 'must be an object')
  if (typeof where.op === 'string') return plainFilter(where, place, depth)
  return allOf(
    ...Object.entries(where).map(([key, value]): Filter => {
      const at = `${place}.${key}`
      if (value === undefined) return everything
      if (key === 'and')
        return allOf(...listOf(value, at).map((item, index) => toFilter(item, `${at}.${index}`, depth + 1)))
      if (key === 'or')
        return anyOf(...listOf(value, at).map((item, index) => toFilter(item, `${at}.${index}`, depth + 1)))
      if (key === 'not') return { op: 'not', arg: toFilter(value, at, depth + 1) }
      return termFilter(key, value, at)
    }),
  )
}

/** Rewrites `fold: true` to the folded shadow of the field. Throws `unsupported` where the field declares none. */
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

function plainFilter(node: Record<string, unknown>, place: string, depth: number): Filter {
  if (node.op === 'and' || node.op === 'or') {
    const args = listOf(node.args, `${place}.args`).map((arg, index) =>
      toFilter(arg, `${place}.args.${index}`, depth + 1),
    )
    return { op: node.op, args }
  }
  if (node.op === 'not') return { op: 'not', arg: toFilter(node.arg, `${place}.arg`, depth + 1) }
  if (typeof node.path !== 'string') throw invalidField(`${place}.path`, 'must name a field')
  if (node.fold === true && typeof node.value !== 'string') throw invalidField(`${place}.value`, 'must be text')
  return node as unknown as Filter
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
    if (term[op] === undefined) continue
    if (typeof term[op] !== 'string') throw invalidField(`${place}.${op}`, 'must be text')
    parts.push({ op, path, value: term[op], ...(term.fold === true && { fold: true }) })
  }
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
