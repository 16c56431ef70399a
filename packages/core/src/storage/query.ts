import type { OrderTerm } from './entity-def.js'
import type { Filter } from './filter.js'
import type { Path, Row, Scalar } from './row.js'

/**
 * One page of one entity.
 *
 * `order` always ends with the id (core appends it, in the direction of the term before it), so it is total. A missing value
 * sorts last in both directions. `after` holds the values of all order terms of the last row seen (`null` where missing); the
 * page starts behind that place, whether or not a row still stands there.
 */
export interface Query {
  readonly entity: string
  readonly where?: Filter
  readonly order: readonly OrderTerm[]
  readonly after?: readonly (Scalar | null)[]
  /** 1 to 1,000. */
  readonly limit: number
  /** Paths the caller needs; an adapter may return more. `id`, `version` and the order paths are always returned. */
  readonly fields?: readonly Path[]
  readonly signal?: AbortSignal
}

/**
 * What an adapter found. It may leave work to core, and says so: `residual` is the part of the filter it did not apply,
 * `unordered` that it did not sort. `done` means nothing follows; a page may hold fewer rows than `limit` without being the
 * last.
 */
export interface RowPage {
  readonly rows: Row[]
  readonly done: boolean
  readonly residual?: Filter
  readonly unordered?: boolean
}

/** A calendar unit to group instants by. */
export type Bucket = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** First day of a week. */
export type WeekStart = 'monday' | 'sunday' | 'saturday'

/**
 * Groups and sums. Without `by` there is exactly one group, also when no row matches.
 *
 * `count` counts rows, or rows that have `path`. `countDistinct` counts different values. `sum` of nothing is 0. `avg`, `min`
 * and `max` of nothing are `null`. A bucket is named by the local date it starts on, `2026-03-01`, in `timeZone`.
 */
export interface Aggregate {
  readonly entity: string
  readonly where?: Filter
  readonly by?: readonly (Path | { readonly path: Path; readonly bucket: Bucket })[]
  readonly compute: Readonly<
    Record<string, { readonly fn: 'count' | 'countDistinct' | 'sum' | 'avg' | 'min' | 'max'; readonly path?: Path }>
  >
  /** IANA zone for buckets; UTC when left out. */
  readonly timeZone?: string
  /** Monday when left out. */
  readonly weekStart?: WeekStart
  /** Most groups returned, in ascending order of their keys (missing last); 1,000 when left out. */
  readonly limit?: number
  readonly signal?: AbortSignal
}

/** One group: its keys in the order of `by`, and the computed values by name. */
export interface AggregateGroup {
  readonly keys: readonly (Scalar | null)[]
  readonly values: Readonly<Record<string, Scalar | null>>
}

/** Candidates that share at least `atLeast` of the given terms. */
export interface Search {
  readonly entity: string
  /** The `text[]` field of terms, which has an index of kind `terms`. */
  readonly path: Path
  readonly terms: readonly string[]
  readonly atLeast: number
  readonly where?: Filter
  readonly limit: number
  /** Paths the caller needs of the rows found. An adapter that does not bring them leaves the rows out: core reads them then. */
  readonly fields?: readonly Path[]
  readonly signal?: AbortSignal
}

/** A search candidate. `overlap` is the number of query terms the row holds; best first, ties by id. */
export interface SearchHit {
  readonly id: string
  readonly overlap: number
  /** The row with at least its id, its version and the `fields` of the search, where those were asked for. */
  readonly row?: Row
}
