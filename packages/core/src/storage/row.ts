/** What a filter compares and a cursor holds. Instants are ISO strings with exactly milliseconds. */
export type Scalar = string | number | boolean

/** A declared field's name, dotted where it is nested (`scores.clv.value`), or a path into a `json` field (`custom.region`). */
export type Path = string

/**
 * A stored record as adapters see it: flat, keyed by declared path. An absent value is an absent key, never `null` or
 * `undefined`. `id` and `version` are always there; the tenant is the session's and not part of the row.
 */
export interface Row {
  id: string
  /** Counts the changes of the record, from 1. Changes written with `touch: false` do not count. */
  version: number
  [path: Path]: unknown
}

/** A row to insert: the adapter sets `version` to 1 unless one is given (restore, load). */
export type NewRow = Omit<Row, 'version'> & { id: string; version?: number; [path: Path]: unknown }
