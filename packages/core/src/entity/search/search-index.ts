import { invalidField } from '../../kernel/crm-error.js'
import { requireRight } from '../commit-rights.js'
import type { Run } from '../run-entity.js'
import type { RunEngine, RunKind } from '../run-service.js'
import type { SessionContext } from '../session-context.js'
import type { SearchIndexParams } from './search-index-params.js'

/** The terms that records are found by. Every write keeps them; only what was there before must be filled in. */
export interface SearchIndexService {
  /**
   * Starts filling the terms of all records of some entities, or of all that can be searched: once after an upgrade from a version
   * that had no search. A custom field that becomes searchable, or is no longer, starts it by itself.
   */
  rebuild(entities?: readonly string[]): Promise<Run>
}

/** The search index of a session. */
export function createSearchIndexService(context: SessionContext, runs: RunEngine): SearchIndexService {
  return {
    async rebuild(entities) {
      const searchable = context.registry.all().flatMap(({ name, search }) => (search ? [name] : []))
      const asked = entities ?? searchable
      if (!Array.isArray(asked) || asked.length === 0 || !asked.every((name) => searchable.includes(name)))
        throw invalidField('entities', `must be a list of ${searchable.join(', ')}`)
      for (const name of asked) await requireRight(context, context.registry.get(name), 'update')
      return runs.start(context, 'search.rebuild', { entities: [...new Set(asked)] })
    },
  }
}

/** The run behind `searchIndex.rebuild`. */
export const searchRebuildRun: RunKind<SearchIndexParams> = {
  kind: 'search.rebuild',
  execute: async (...work) => (await import('./rebuild-search-terms.js')).rebuildSearchTerms(...work),
}
