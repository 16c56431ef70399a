import { invalidField } from '../kernel/crm-error.js'
import { type Definitions, requireEntity, requireTarget } from './definitions.js'
import { requireInteger, requireList, requireName, requireObject } from './plain-object.js'
import { prepareFilter } from './prepare-filter.js'
import { pageLimit, prepareFields } from './prepare-query.js'
import type { Search } from './query.js'

/** Most terms of one search. */
export const searchTermLimit = 1_000

/**
 * Checks a search and removes repeated terms. The path must have an index of kind `terms`. Throws `validation_failed` naming the
 * field or the place.
 */
export function prepareSearch(definitions: Definitions, search: Search): Search {
  const given: Readonly<Record<string, unknown>> = requireObject(search, 'search')
  const def = requireEntity(definitions, given.entity)
  const path = requireName(given.path, 'path')
  requireTarget(def, path, 'path')
  if (!def.indexes.some((index) => index.kind === 'terms' && index.on[0] === path)) {
    throw invalidField(path, 'has no index of kind terms; search a field that has one')
  }
  const list = requireList(given.terms, 'terms', searchTermLimit)
  const terms = [...new Set(list.map((term, index) => requireName(term, `terms.${index}`)))]
  if (terms.length === 0) throw invalidField('terms', 'expected at least one term')
  return {
    entity: def.name,
    path,
    terms,
    atLeast: requireInteger(given.atLeast, 'atLeast', 1, terms.length),
    limit: requireInteger(given.limit, 'limit', 1, pageLimit),
    ...(given.where !== undefined && { where: prepareFilter(def, given.where) }),
    ...(given.fields !== undefined && { fields: prepareFields(def, given.fields) }),
    ...(search.signal && { signal: search.signal }),
  }
}
