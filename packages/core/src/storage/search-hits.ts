import { compareCodePoints } from '../kernel/text-safety.js'
import type { SearchHit } from './query.js'

/** The best `limit` hits: most overlap first, ties by id in code point order. Sorts the given list. */
export function rankHits(hits: SearchHit[], limit: number): SearchHit[] {
  hits.sort((left, right) => right.overlap - left.overlap || compareCodePoints(left.id, right.id))
  return hits.slice(0, limit)
}
