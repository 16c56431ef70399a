import type { Scalar } from '@rapport/core/storage'
import type { FilterConditions, ValueRange } from './filter-conditions.js'
import { type IndexTerm, missingMark, presentMark } from './index-term.js'
import type { TextRange } from './key-range.js'
import { behindAll } from './key-text.js'
import type { KeySpace } from './row-index.js'

/** What the conditions of a query make of one order of keys. */
export interface Candidate {
  readonly space: KeySpace
  /** Leading terms that the filter holds to one value. */
  readonly fixed: number
  /** The term behind those. */
  readonly next: IndexTerm | undefined
  /** What the filter says of that term, one of both at most. */
  readonly range: ValueRange | undefined
  readonly values: readonly Scalar[] | undefined
  /** The more, the fewer rows are expected when all are read. */
  readonly selectivity: number
  /** The same when they are read in order, which can make no use of several values. */
  readonly walkSelectivity: number
}

const uniqueSelectivity = 100

export function candidateOf(space: KeySpace, { equal, ranges, oneOf }: FilterConditions): Candidate {
  let fixed = 0
  while (fixed < space.terms.length && equal.has(space.terms[fixed]!.path)) fixed++
  const next = space.terms[fixed]
  const range = next && ranges.get(next.path)
  const values = next && !range ? oneOf.get(next.path) : undefined
  const walkSelectivity =
    space.uniqueTerms !== undefined && fixed >= space.uniqueTerms ? uniqueSelectivity : 2 * fixed + (range ? 1 : 0)
  return { space, fixed, next, range, values, selectivity: walkSelectivity + (values ? 1 : 0), walkSelectivity }
}

/** What the keys of a candidate begin with. */
export function fixedPrefix({ space, fixed }: Candidate, tenantId: string, { equal }: FilterConditions): string {
  const pieces = space.terms.slice(0, fixed).map(({ path, encode }) => encode(equal.get(path)))
  return space.prefix(tenantId) + pieces.join('')
}

/** All keys that begin with a text. */
export function prefixRange(prefix: string): TextRange {
  return { lower: prefix, lowerOpen: false, upper: prefix + behindAll, upperOpen: false }
}

/** The keys that begin with a prefix and go on with a value of a range. */
export function termRange(prefix: string, term: IndexTerm, range: ValueRange): TextRange {
  if (range.prefix !== undefined) return prefixRange(prefix + term.encodePrefix(range.prefix))
  const [first, last] = term.descending ? [range.upper, range.lower] : [range.lower, range.upper]
  // Keys go on behind the piece of a value, so all keys of a value lie between the piece and what sorts behind it.
  const start = first && prefix + term.encode(first.value)
  const end = last && prefix + term.encode(last.value)
  return {
    lower: start === undefined ? prefix + presentMark : first?.inclusive ? start : start + behindAll,
    lowerOpen: false,
    upper: end === undefined ? prefix + missingMark : last?.inclusive ? end + behindAll : end,
    upperOpen: true,
  }
}
