import type { FieldKindName } from './field-kind.js'
import type { LanguageSupport } from './language-support.js'
import type { MatchModel } from './match-model.js'
import type { MatchRules } from './match-rules.js'

/** A record to be matched: an id, and fields of which those named in the options are read. Empty texts count as missing. */
export interface MatchableRecord {
  readonly id: string | number
  readonly [field: string]: unknown
}

/** How records are matched. */
export interface MatchOptions {
  /** Kind of each field that takes part, by its name: any subset of a record's fields. */
  readonly fields: Readonly<Record<string, FieldKindName>>
  /** Least probability of a match, above 0 and below 1; 0.95 when left out. */
  readonly threshold?: number
  /** Match across two or more sources only: records whose values of this field differ. */
  readonly link?: { readonly side: string }
  /** ISO 3166 code that telephone numbers without a country belong to; with it, numbers are read by the numbering plans (E.164). */
  readonly country?: string
  /** Pairs of ids that are known to be different: they never end up in one cluster. */
  readonly notDuplicates?: readonly (readonly [string | number, string | number])[]
  /** Decide by rules instead of by weights. */
  readonly rules?: MatchRules
  /** A model of an earlier run, so that results stay comparable; fitted to the records when left out. */
  readonly model?: MatchModel
  /** Most records in one cluster, 2 to 1,000; 50 when left out. */
  readonly largestCluster?: number
  /** Libraries for numbers and scripts, where the entry brings none. */
  readonly languages?: LanguageSupport
}

/** Why two records match, or do not: one entry per field that both have. */
export interface MatchReason {
  /** Stable code: the kind and the level of agreement, such as `email.same` or `personName.close`. */
  readonly what: string
  readonly effect: 'raises' | 'lowers'
  /** The field, and the weight of its agreement in bits: 1 doubles the odds, -1 halves them. */
  readonly evidence: { readonly field: string; readonly bits: number }
}

/** Two records that are held to be one entity. */
export interface MatchedPair {
  readonly a: string | number
  readonly b: string | number
  /** 0 to 1. That of the two records alone, or what follows from the records that connect them, whichever is more. */
  readonly probability: number
  /** The strongest first. Ends in `cluster.connected` where others had to connect the two. */
  readonly reasons: readonly (MatchReason | ConnectedReason)[]
}

/** The two records alone would not do: a third one that matches both connects them. */
export interface ConnectedReason {
  readonly what: 'cluster.connected'
  readonly effect: 'raises'
  readonly evidence: { readonly records: number }
}

/** What was found. */
export interface MatchResult {
  /** Every pair within a cluster. */
  readonly pairs: readonly MatchedPair[]
  /** Ids that belong together, each with at least two; an id is in one cluster at most. */
  readonly clusters: readonly (readonly (string | number)[])[]
  /** The model that was used, as plain data: keep it to resolve newcomers by the same measure. */
  readonly model: MatchModel
}
