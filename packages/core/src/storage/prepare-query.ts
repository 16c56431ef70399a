import { invalidField } from '../kernel/crm-error.js'
import { columnTarget, type Definitions, requireEntity, requireTarget } from './definitions.js'
import { type EntityDef, type OrderTerm, type PromotedType, parseOrderTerm } from './entity-def.js'
import { requireInteger, requireList, requireName, requireObject, shortName } from './plain-object.js'
import { prepareFilter } from './prepare-filter.js'
import { prepareScalar } from './prepare-value.js'
import type { Query } from './query.js'
import type { Path, Scalar } from './row.js'

/** Most rows of a page, and most ids of `getMany`. */
export const pageLimit = 1_000
/** Most terms of an order, the id included. */
export const orderTermLimit = 16

/**
 * Checks a query and completes its order with the id, in the direction of the term before it. Throws `validation_failed` naming
 * the field or the place, `unsupported` for a range or an order inside a `json` field.
 */
export function prepareQuery(definitions: Definitions, query: Query): Query {
  const given: Readonly<Record<string, unknown>> = requireObject(query, 'query')
  const def = requireEntity(definitions, given.entity)
  const order = prepareOrder(def, given.order)
  return {
    entity: def.name,
    order,
    limit: requireInteger(given.limit, 'limit', 1, pageLimit),
    ...(given.where !== undefined && { where: prepareFilter(def, given.where) }),
    ...(given.after !== undefined && { after: prepareAfter(def, order, given.after) }),
    ...(given.fields !== undefined && { fields: prepareFields(def, given.fields) }),
    ...(query.signal && { signal: query.signal }),
  }
}

const typeOfPromoted: Readonly<Record<PromotedType, string>> = { text: 'string', float: 'number', bool: 'boolean' }

/** Checks the terms of an order and appends the id where it is missing, so that the order is total. */
export function prepareOrder(def: EntityDef, order: unknown): OrderTerm[] {
  const terms = requireList(order, 'order', orderTermLimit).map((term) => requireName(term, 'order') as OrderTerm)
  const seen = new Set<Path>()
  let descending = false
  for (const term of terms) {
    const parsed = parseOrderTerm(term)
    const target = requireTarget(def, parsed.path, 'order')
    if (seen.has('id')) throw invalidField('order', 'nothing can be told apart behind the id; end the order with it')
    if (seen.has(parsed.path)) throw invalidField(shortName(parsed.path), 'is named twice in the order; name it once')
    if (target.inside.length > 0) columnTarget(def, parsed.path, target, 'ordered by')
    else if (target.type === 'json' || target.type === 'text[]') {
      throw invalidField(parsed.path, `a ${target.type} field has no order; order by another field`)
    }
    seen.add(parsed.path)
    descending = parsed.descending
  }
  return seen.has('id') ? terms : [...terms, descending ? '-id' : 'id']
}

function prepareAfter(def: EntityDef, order: readonly OrderTerm[], after: unknown): (Scalar | null)[] {
  const values = requireList(after, 'after', orderTermLimit)
  if (values.length !== order.length) {
    throw invalidField('after', `expected ${order.length} values, one for each term of the order with the id`)
  }
  return order.map((term, index) => {
    const { path } = parseOrderTerm(term)
    const target = requireTarget(def, path, 'order')
    const value = values[index]
    if (value === null && !target.required) return null
    // A value of another type than its column's is missing there, and comes from a row in that place of the order.
    if (target.promoted && typeof value !== typeOfPromoted[target.promoted]) return null
    return prepareScalar(target, value, path)
  })
}

/** Checks the paths a caller needs, and gives the fields that hold them. */
export function prepareFields(def: EntityDef, fields: unknown): Path[] {
  const names = requireList(fields, 'fields', pageLimit)
  const isField = (name: unknown): name is Path => typeof name === 'string' && Object.hasOwn(def.fields, name)
  return [
    ...new Set(names.map((name, index) => (isField(name) ? name : requireTarget(def, name, `fields.${index}`).field))),
  ]
}
