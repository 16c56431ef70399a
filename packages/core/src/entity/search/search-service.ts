import type { Page } from '../../kernel/page.js'
import type { Entity, RecordOf } from '../entity.js'
import type { SessionContext } from '../session-context.js'
import type { RecordHit, SearchOptions } from './record-search.js'

/** Search among the records of one entity. */
export interface RecordSearch<R> {
  /**
   * The records that what somebody typed may mean, best first: by the beginning of a word, with typos, in another notation, Chinese
   * by part of a name or by its sound. At most 200 characters. Fields the actor may not read neither match nor are named. Where
   * some are hidden, the best of the first 2,000 by id that match.
   */
  search(query: string, options?: SearchOptions): Promise<Page<RecordHit<R>>>
}

/** Search over an entity. What does it is loaded with the first search. */
export function createRecordSearch<E extends Entity>(context: SessionContext, { name }: E): RecordSearch<RecordOf<E>> {
  return {
    async search(query, options) {
      const { searchRecords } = await import('./record-search.js')
      return searchRecords<RecordOf<E>>(context, name, query, options)
    },
  }
}
