import type { Page } from '../../kernel/page.js'
import { allOf, isNothing } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import { rankCandidates, type SearchCandidate } from '../../storage/search-rank.js'
import type { CallOptions } from '../../storage/storage-adapter.js'
import { recordPaths, toRecord } from '../record.js'
import { maskFor, prepareList } from '../record-reader.js'
import type { SessionContext } from '../session-context.js'
import type { Where } from '../where.js'
import { searchableCustomKeys } from './plan-search-terms.js'
import { sourcesOf, termsPath, textsPath } from './search-field.js'
import { readHitLimit, readQuery, searchDenied, type WantedTerms } from './search-query.js'
import { storedTextsOf } from './search-texts.js'
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

/** How many candidates more than hits, those of most overlap, are ranked word by word. */
const spareCandidates = 20

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
  if (isNothing(where)) return { items: [] }

  const signal = options.signal && { signal: options.signal }
  const candidatesOf = async (wanted: WantedTerms): Promise<SearchCandidate[]> => {
    const candidates: SearchCandidate[] = []
    const search = { entity: name, path: termsPath, ...wanted, where, ...signal }
    if (hides) {
      const offer = (row: Row): void => {
        const candidate = { id: row.id, fields: storedTextsOf(fields, customKeys, row, mask.readable) }
        if (sharesTerms(wanted, candidate)) candidates.push(candidate)
      }
      await visibleCandidates(context, search, offer, () => candidates.length)
    } else {
      const asking = { ...search, limit: limit + spareCandidates, fields: [textsPath] }
      for (const { row } of await context.storage.search(asking))
        if (row) candidates.push({ id: row.id, fields: storedTextsOf(fields, customKeys, row) })
    }
    return candidates
  }
  let candidates: SearchCandidate[] = []
  for (const wanted of asked.wanted) if (candidates.length === 0) candidates = await candidatesOf(wanted)
  const ranked = rankCandidates(asked.text, candidates, limit)
  if (ranked.length === 0) return { items: [] }
  // Since the search, a record can have left what the actor may see.
  const page = await context.storage.find({
    entity: name,
    where: allOf(where, { op: 'in', path: 'id', values: ranked.map(({ id }) => id) }),
    order: ['id'],
    limit: ranked.length,
    fields: recordPaths(entity),
    ...signal,
  })
  const rows = new Map(page.rows.map((row) => [row.id, row]))
  const items = ranked.flatMap(({ id, score, matched }) => {
    const row = rows.get(id)
    return row ? [{ record: toRecord<R>(entity, row, mask), score, matched }] : []
  })
  return { items }
}
