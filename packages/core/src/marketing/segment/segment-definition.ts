import type { Where } from '../../entity/where.js'

/** How often somebody did something. Only events up to the moment that is asked about count. */
export interface BehaviourTerm {
  /** Type of the events. */
  readonly type: string
  /** 1 when left out, or 0 where `atMost` is given: “at most three” holds for never too. */
  readonly atLeast?: number
  readonly atMost?: number
  /** Only the last so many days of 24 hours count. */
  readonly within?: { readonly days: number }
  /** Only events from this moment up to, but not at, that one count. */
  readonly between?: { readonly from: string; readonly to: string }
  /** Only events like this count: their fields, and `properties.<key>` by equality. */
  readonly where?: Where
}

/** Who belongs to a dynamic segment, as data. An object has exactly one of the keys. */
export type SegmentCondition =
  /** A filter over the contact. */
  | { readonly where: Where }
  | { readonly performed: BehaviourTerm }
  /** The opposite of `performed`. */
  | { readonly notPerformed: BehaviourTerm }
  | { readonly and: readonly SegmentCondition[] }
  | { readonly or: readonly SegmentCondition[] }
  | { readonly not: SegmentCondition }
