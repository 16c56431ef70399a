import { compileFilter, type Filter, rankHits, type Search, type SearchHit } from '@rapport/core/storage'
import { filterConditions } from './filter-conditions.js'
import { matchingRows, type Scene } from './find-rows.js'
import { resultOf } from './idb-request.js'
import { scanTooLong } from './indexeddb-errors.js'
import { partsOfKey, rowOf, type StoredRecord } from './layout.js'
import type { MemberIndex } from './row-index.js'

/** Rows read at once to see whether they pass the filter. */
const chunk = 200

/** Answers a search from the entries of its terms; rows are read only where there is a filter. */
export async function searchRows(scene: Scene, search: Search): Promise<SearchHit[]> {
  const index = termsIndex(scene, search)
  if (!index) return scannedHits(scene, search)
  const candidates = await overlaps(scene, search, index)
  if (!search.where) {
    const hits = candidates.map(({ key, overlap }) => ({ id: partsOfKey(key).id, overlap }))
    return rankHits(hits, search.limit)
  }
  return passingHits(scene, search.where, search, candidates)
}

interface Candidate {
  readonly key: string
  readonly overlap: number
}

function termsIndex({ indexes, def }: Scene, { path, where }: Search): MemberIndex | undefined {
  const { equal } = filterConditions(def, where)
  const isLive = equal.has('deletedAt') && equal.get('deletedAt') === undefined
  return indexes.members.find((index) => {
    return index.path === path && index.kind === 'terms' && index.ready && (!index.live || isLive)
  })
}

/** Keys of the rows that hold enough of the terms. */
async function overlaps(scene: Scene, { terms, atLeast }: Search, index: MemberIndex): Promise<Candidate[]> {
  const { transaction, tenantId, maxScan, def } = scene
  const entries = transaction.objectStore('rows').index('entries')
  const lists = await Promise.all(
    [...new Set(terms)].map((term) =>
      resultOf(entries.getAllKeys(IDBKeyRange.only(index.entry(tenantId, term)), maxScan + 1)),
    ),
  )
  const counts = new Map<string, number>()
  for (const keys of lists) {
    if (keys.length > maxScan) throw scanTooLong(def.name, maxScan, 'search for rarer terms, or raise maxScan')
    for (const key of keys as string[]) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Array.from(counts, ([key, overlap]) => ({ key, overlap })).filter(({ overlap }) => overlap >= atLeast)
}

/** The best candidates that pass a filter, reading no more rows than it takes to find them. */
async function passingHits(
  { transaction, def }: Scene,
  where: Filter,
  { limit, fields }: Search,
  candidates: Candidate[],
): Promise<SearchHit[]> {
  const rows = transaction.objectStore('rows')
  const passes = compileFilter(def, where)
  // Keys of one entity of one tenant sort as the ids do, and were made to sort by code point.
  candidates.sort((left, right) => right.overlap - left.overlap || (left.key < right.key ? -1 : 1))
  const hits: SearchHit[] = []
  for (let start = 0; start < candidates.length && hits.length < limit; start += chunk) {
    const part = candidates.slice(start, start + chunk)
    const records = await Promise.all(part.map(({ key }) => resultOf<StoredRecord>(rows.get(key))))
    for (const [place, record] of records.entries()) {
      const row = rowOf(record)
      if (passes(row)) hits.push({ id: row.id, overlap: part[place]!.overlap, ...(fields && { row }) })
    }
  }
  return hits.slice(0, limit)
}

/** The same without an index, as while one is being filled. */
async function scannedHits(scene: Scene, { path, terms, atLeast, where, limit, fields }: Search): Promise<SearchHit[]> {
  const holdsOne: Filter = { op: 'hasAny', path, value: terms }
  const rows = await matchingRows(scene, where ? { op: 'and', args: [holdsOne, where] } : holdsOne)
  const wanted = new Set<unknown>(terms)
  const hits = rows.map((row) => ({
    id: row.id,
    overlap: new Set((row[path] as readonly unknown[]).filter((term) => wanted.has(term))).size,
    ...(fields && { row }),
  }))
  return rankHits(
    hits.filter(({ overlap }) => overlap >= atLeast),
    limit,
  )
}
