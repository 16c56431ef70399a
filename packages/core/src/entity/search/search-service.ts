import type { Page } from '../../kernel/page.js'
import type { SessionContext } from '../session-context.js'
import type { RecordHit, SearchOptions } from './record-search.js'
import type { SearchAcrossOptions, SearchHit } from './search-across.js'

/** Search among the records of one entity. */
export interface RecordSearch<R> {
  /**
   * The records that what somebody typed may mean, best first: by the beginning of a word, with typos, in another notation, Chinese
   * by part of a name or by its sound. At most 200 characters. Fields the actor may not read neither match nor are named. Where
   * some are hidden, the best of the first 2,000 by id that match.
   */
  search(query: string, options?: SearchOptions): Promise<Page<RecordHit<R>>>
}

/** Search among the records of several entities. */
export type SearchAcross = (query: string, options?: SearchAcrossOptions) => Promise<Page<SearchHit>>

/** Search over an entity, by its name. What does it is loaded with the first search. */
export function createRecordSearch<R>(context: SessionContext, entity: string): RecordSearch<R> {
  return {
    async search(query, options) {
      const { searchRecords } = await import('./record-search.js')
      return searchRecords<R>(context, entity, query, options)
    },
  }
}

/** Search over all entities that declare what they are found by. */
export function createSearchAcross(context: SessionContext): SearchAcross {
  return async (query, options) => (await import('./search-across.js')).searchAcross(context, query, options)
}
