import { compareCodePoints } from '../../kernel/text-safety.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { Search } from '../../storage/query.js'
import type { Row } from '../../storage/row.js'
import type { SearchCandidate } from '../../storage/search-rank.js'
import { searchTerms } from '../../storage/search-tokens.js'
import type { SessionContext } from '../session-context.js'
import type { WantedTerms } from './search-query.js'

/** Candidates after which a search of an actor who may not read all is ended. */
const enough = 2_000
/** Rows of one look into the index. */
const pageSize = 1_000
/** Looks into the index before such a search is ended. */
const mostLooks = 64

/** Whether what may be read of a record shares enough terms with a query. */
export function sharesTerms({ terms, atLeast }: WantedTerms, { fields }: SearchCandidate): boolean {
  const held = new Set(fields.flatMap(({ texts }) => texts.flatMap(searchTerms)))
  return terms.filter((term) => held.has(term)).length >= atLeast
}

/**
 * Offers all rows that share terms, by ascending id, until `taken` says that there are enough. The index knows terms of fields that
 * the actor may not read: were only the rows of most overlap offered, hidden values would decide who is among them, and whoever
 * asks often enough would learn them. So the ids are halved until each part is read whole.
 */
export async function visibleCandidates(
  context: SessionContext,
  search: Omit<Search, 'limit'>,
  offer: (row: Row) => void,
  taken: () => number,
): Promise<void> {
  const parts: Filter[] = [allOf(search.where)]
  for (let look = 0; look < mostLooks && taken() < enough; look++) {
    const where = parts.pop()
    if (!where) return
    const hits = await context.storage.search({ ...search, where, limit: pageSize })
    const ids = hits.map(({ id }) => id).sort(compareCodePoints)
    if (ids.length === pageSize) {
      const middle = ids[pageSize / 2] as string
      parts.push(allOf(where, { op: 'gte', path: 'id', value: middle }))
      parts.push(allOf(where, { op: 'lt', path: 'id', value: middle }))
      continue
    }
    const rows = await context.storage.getMany(search.entity, ids, search.signal && { signal: search.signal })
    for (const row of rows) {
      if (taken() === enough) return
      if (row) offer(row)
    }
  }
}
