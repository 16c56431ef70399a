import { invalidField } from '../kernel/crm-error.js'
import { isStorableText } from '../kernel/text-safety.js'
import { columnTarget, requireTarget } from './definitions.js'
import type { EntityDef, PathTarget } from './entity-def.js'
import type { Filter } from './filter.js'
import { requireList, requireObject } from './plain-object.js'
import { prepareScalar } from './prepare-value.js'
import type { Path } from './row.js'

/** Most values of `in` and `hasAny`. */
export const valueListLimit = 1_000
/** Deepest nesting of a filter. */
export const filterDepthLimit = 32
/** Most nodes of a filter. */
export const filterNodeLimit = 1_000

/**
 * Checks a filter that may come from outside, and returns it with instants in canonical form and nothing in it that is not part
 * of {@link Filter}. Throws `validation_failed` naming the field or the place, such as `where.args.0.op`; `unsupported` for a
 * range inside a `json` field.
 */
export function prepareFilter(def: EntityDef, filter: unknown, at = 'where'): Filter {
  let nodes = 0
  const visit = (value: unknown, place: string, depth: number): Filter => {
    if (++nodes > filterNodeLimit)
      throw invalidField(at, `at most ${filterNodeLimit} conditions are allowed; simplify the filter`)
    if (depth > filterDepthLimit)
      throw invalidField(at, `nested deeper than ${filterDepthLimit} levels; flatten the filter`)
    const node = requireObject(value, place)
    const { op } = node
    if (op === 'and' || op === 'or') {
      const args = requireList(node.args, `${place}.args`, filterNodeLimit)
      return { op, args: args.map((arg, index) => visit(arg, `${place}.args.${index}`, depth + 1)) }
    }
    if (op === 'not') return { op, arg: visit(node.arg, `${place}.arg`, depth + 1) }
    return prepareCondition(def, node, place)
  }
  return visit(filter, at, 1)
}

function prepareCondition(def: EntityDef, node: Readonly<Record<string, unknown>>, place: string): Filter {
  const { op, path: name, value } = node
  if (typeof op !== 'string') throw invalidField(`${place}.op`, 'expected the name of an operator')
  switch (op) {
    case 'eq':
    case 'ne': {
      const { path, target } = comparable(def, name, place)
      return { op, path, value: prepareScalar(target, value, path) }
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      const { path, target } = comparable(def, name, place)
      return { op, path, value: prepareScalar(columnTarget(def, path, target, 'compared by range'), value, path) }
    }
    case 'in': {
      const { path, target } = comparable(def, name, place)
      const values = requireList(node.values, `${place}.values`, valueListLimit)
      return { op, path, values: values.map((member) => prepareScalar(target, member, path)) }
    }
    case 'isNull':
      requireTarget(def, name, `${place}.path`)
      return { op, path: name as Path }
    case 'prefix':
    case 'contains':
      return { op, path: textPath(def, node, place), value: value as string }
    case 'has': {
      const { path, target } = listPath(def, name, place)
      return { op, path, value: prepareScalar(target, value, path) }
    }
    case 'hasAny': {
      const { path, target } = listPath(def, name, place)
      const values = requireList(value, `${place}.value`, valueListLimit)
      return { op, path, value: values.map((member) => prepareScalar(target, member, path)) }
    }
    default:
      throw invalidField(`${place}.op`, 'there is no such operator; see the list of filter operators')
  }
}

interface FilterTarget {
  readonly path: Path
  readonly target: PathTarget
}

function comparable(def: EntityDef, name: unknown, place: string): FilterTarget {
  const target = requireTarget(def, name, `${place}.path`)
  const path = name as Path
  if (target.type === 'text[]') throw invalidField(path, 'holds a list; ask with has or hasAny')
  if (target.type === 'json' && target.inside.length === 0)
    throw invalidField(path, 'holds an object; name a place inside it')
  return { path, target }
}

function listPath(def: EntityDef, name: unknown, place: string): FilterTarget {
  const target = requireTarget(def, name, `${place}.path`)
  if (target.type !== 'text[]' && target.type !== 'json')
    throw invalidField(name as Path, 'holds one value; ask with eq or in')
  return { path: name as Path, target }
}

function textPath(def: EntityDef, node: Readonly<Record<string, unknown>>, place: string): Path {
  const { path, target } = comparable(def, node.path, place)
  if (columnTarget(def, path, target, 'searched for a part of its text').type !== 'text')
    throw invalidField(path, 'is no text; compare it by eq or a range')
  if (node.fold !== undefined && node.fold !== false) {
    throw invalidField(`${place}.fold`, 'folding is resolved above the storage; filter by the folded field')
  }
  if (typeof node.value !== 'string' || !isStorableText(node.value)) {
    throw invalidField(path, 'expected a text without U+0000 and without lone surrogates')
  }
  return path
}
