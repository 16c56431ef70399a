import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { codePointLength, isStorableText } from '../../kernel/text-safety.js'
import { leastOverlap, searchTerms, wholeTerms } from '../../storage/search-tokens.js'
import { searchSpelling } from './search-columns.js'

/** A query ready for storage and ranking. */
export interface SearchQuery {
  /** In the spelling that records are ranked by. */
  readonly text: string
  /** What candidates must hold, most telling first: a whole address or number, where the query is one, then pieces of the words. */
  readonly wanted: readonly WantedTerms[]
}

/** Terms, and how many of them a record must hold. */
export interface WantedTerms {
  readonly terms: readonly string[]
  readonly atLeast: number
}

/** Longest query, in code points. */
export const longestQuery = 200
/** Most terms of a query: some fifty words. */
export const mostQueryTerms = 250
/** Most hits of a search. */
export const mostHits = 100
/** Hits of a search that does not say how many. */
export const usualHits = 20

/** Checks what was typed. Throws `validation_failed` naming `query`. */
export async function readQuery(query: unknown): Promise<SearchQuery> {
  if (typeof query !== 'string' || !isStorableText(query)) throw invalidField('query', 'must be text')
  if (codePointLength(query) > longestQuery)
    throw invalidField('query', `must be at most ${longestQuery} characters long`)
  const text = await searchSpelling(query)
  const terms = searchTerms(text)
  if (terms.length > mostQueryTerms) throw invalidField('query', 'has too many words; search for fewer of them')
  const wanted: WantedTerms[] = [
    { terms: wholeTerms(text), atLeast: 1 },
    { terms, atLeast: leastOverlap(terms.length) },
  ]
  return { text, wanted: wanted.filter(({ terms: some }) => some.length > 0) }
}

/** Checks how many hits are wanted. Throws `validation_failed` naming `limit`. */
export function readHitLimit(limit: unknown = usualHits): number {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > mostHits)
    throw invalidField('limit', `must be a whole number from 1 to ${mostHits}`)
  return limit as number
}

/** The error for an actor who may read none of the fields that records are found by. */
export function searchDenied(entity: string): CrmError {
  return new CrmError('access_denied', `The actor may read no field that a ${entity} is found by`, { entity })
}
