import { type CrmError, invalidField, isCrmError } from '../../kernel/crm-error.js'
import type { Page } from '../../kernel/page.js'
import { compareCodePoints } from '../../kernel/text-safety.js'
import type { CallOptions } from '../../storage/storage-adapter.js'
import type { BaseRecord } from '../base-record.js'
import type { SessionContext } from '../session-context.js'
import { type RecordHit, searchRecords } from './record-search.js'
import { readHitLimit } from './search-query.js'

/** What a search over several entities takes beside the words. */
export interface SearchAcrossOptions extends CallOptions {
  /** Names of entities; all that can be searched and that the actor may list when left out. */
  readonly entities?: readonly string[]
  /** Of all hits together, 1 to 100; 20 when left out. */
  readonly limit?: number
}

/** A record of some entity that was found. */
export interface SearchHit extends RecordHit<BaseRecord & Readonly<Record<string, unknown>>> {
  readonly entity: string
}

/** The records of several entities that a query may mean, best first, ties by entity and id. */
export async function searchAcross(
  context: SessionContext,
  query: string,
  options: SearchAcrossOptions = {},
): Promise<Page<SearchHit>> {
  const limit = readHitLimit(options.limit)
  const searchable = context.registry.all().flatMap(({ name, search }) => (search ? [name] : []))
  const named = options.entities
  if (
    named !== undefined &&
    !(Array.isArray(named) && named.length > 0 && named.every((name) => searchable.includes(name)))
  )
    throw invalidField('entities', `must be a list of ${searchable.join(', ')}`)
  const hits: SearchHit[] = []
  let denied: CrmError | undefined
  let allowed = named !== undefined
  for (const entity of new Set(named ?? searchable)) {
    try {
      const found = await searchRecords<SearchHit['record']>(context, entity, query, {
        limit,
        ...(options.signal && { signal: options.signal }),
      })
      allowed = true
      hits.push(...found.items.map((hit) => ({ entity, ...hit })))
    } catch (error) {
      if (named !== undefined || !isCrmError(error, 'access_denied')) throw error
      denied = error
    }
  }
  if (!allowed && denied) throw denied
  hits.sort(
    (left, right) =>
      right.score - left.score ||
      compareCodePoints(left.entity, right.entity) ||
      compareCodePoints(left.record.id, right.record.id),
  )
  return { items: hits.slice(0, limit) }
}
