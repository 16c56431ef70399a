import type { Page } from '../../kernel/page.js'
import { compileFilter } from '../../storage/evaluate-filter.js'
import { isNothing } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import { rankCandidates, type SearchCandidate } from '../../storage/search-rank.js'
import type { CallOptions } from '../../storage/storage-adapter.js'
import { toRecord } from '../record.js'
import { maskFor, prepareList } from '../record-reader.js'
import type { SessionContext } from '../session-context.js'
import type { Where } from '../where.js'
import { searchableCustomKeys } from './plan-search-terms.js'
import { sourcesOf, termsPath } from './search-field.js'
import { readHitLimit, readQuery, searchDenied } from './search-query.js'
import { searchTextsOf, withSpellings } from './search-texts.js'
import { sharesTerms, visibleCandidates } from './visible-candidates.js'

/** What a search takes beside the words. */
export interface SearchOptions extends CallOptions {
  readonly where?: Where
  /** 1 to 100; 20 when left out. */
  readonly limit?: number
}

/** A record that was found. */
export interface RecordHit<R> {
  readonly record: R
  /** Above 0, at most 1: how well it matches. */
  readonly score: number
  /** The fields in which words of the query were found, such as `emails`. */
  readonly matched: readonly string[]
}

/** How many candidates, those of most overlap, are ranked word by word. */
const candidateCount = 100

/**
 * The records of an entity that a query may mean, best first, ties by id; the same on every storage. Throws `validation_failed` for a
 * query or limit beyond bounds, and `access_denied` where the actor may not list the entity or read nothing that is searched.
 */
export async function searchRecords<R>(
  context: SessionContext,
  name: string,
  query: string,
  options: SearchOptions = {},
): Promise<Page<RecordHit<R>>> {
  const entity = context.registry.get(name)
  const fields = entity.search
  if (!fields) throw new TypeError(`${name} declares nothing to search`)
  const limit = readHitLimit(options.limit)
  const asked = await readQuery(query)
  const mask = await maskFor(context, entity)
  const { where } = await prepareList(context, entity, options.where ? { where: options.where } : {}, mask)
  const customKeys = await searchableCustomKeys(context, entity)
  const sources = [...fields.flatMap(sourcesOf), ...customKeys.map((key) => `custom.${key}`)]
  const hides = !sources.every(mask.readable)
  if (hides && !sources.some(mask.readable)) throw searchDenied(name)
  if (asked.terms.length === 0 || isNothing(where)) return { items: [] }

  const passes = compileFilter(entity.storage, where)
  const rows = new Map<string, Row>()
  const candidates: SearchCandidate[] = []
  const offer = (row: Row | undefined): void => {
    // Between the search and the read, a record can leave what the actor may see.
    if (!row || !passes(row)) return
    const texts = searchTextsOf(fields, customKeys, row, mask.readable)
    const candidate = { id: row.id, fields: withSpellings(texts, fields, row, mask.readable) }
    if (hides && !sharesTerms(asked, candidate)) return
    rows.set(row.id, row)
    candidates.push(candidate)
  }
  const signal = options.signal && { signal: options.signal }
  const search = { entity: name, path: termsPath, terms: asked.terms, atLeast: asked.atLeast, where, ...signal }
  if (hides) await visibleCandidates(context, search, offer, () => candidates.length)
  else {
    const hits = await context.storage.search({ ...search, limit: candidateCount })
    const ids = hits.map(({ id }) => id)
    for (const row of await context.storage.getMany(name, ids, signal)) offer(row)
  }
  const items = rankCandidates(asked.text, candidates, limit).map(({ id, score, matched }) => ({
    record: toRecord<R>(entity, rows.get(id) as Row, mask),
    score,
    matched,
  }))
  return { items }
}
