import type { ImportMapping } from './column-mapping.js'
import type { ColumnSuggestion } from './column-suggestion.js'
import type { ImportRowError, RowCounts } from './import-report.js'
import type { ImportFile } from './import-source.js'
import type { ImportMode } from './plan-rows.js'
import type { EmptyCells } from './row-input.js'
import type { ImportFormat, SourceOptions } from './source-table.js'
import type { DetectedEncoding } from './text-encoding.js'

/** A file to look at: what is left out of how it is read is detected. */
export interface SuggestOptions extends SourceOptions {
  readonly file: ImportFile
  /** Kind of record the rows are, such as `contact`. */
  readonly object: string
}

/** What to import, and how. */
export interface ImportOptions extends SuggestOptions {
  readonly mapping: ImportMapping
  /**
   * How a row tells which record it means: `email`, `externalRef`, `name`, `id`, `custom.<key>`. Only new records can do without.
   * Deleted records match nothing.
   */
  readonly matchOn?: string
  /** `createAndUpdate` when left out and rows are matched, otherwise `create`. */
  readonly mode?: ImportMode
  /** Whether values of lists (addresses, tags) are added to those of a record (default) or stand in for them. */
  readonly lists?: 'add' | 'replace'
  /** Whether an empty cell leaves a record's field as it is (default) or clears it. */
  readonly empty?: EmptyCells
}

/** What a dry run found. */
export interface ImportPreview {
  readonly columns: readonly string[]
  /** Rows looked at. */
  readonly rows: number
  /** Whether the file has more rows than were looked at. */
  readonly more: boolean
  /** What would become of the rows, each seen by itself: a row that repeats a key of an earlier one counts like it. */
  readonly counts: RowCounts
  readonly errors: readonly ImportRowError[]
}

/** How a file looks and where its columns may go. */
export interface ImportSuggestion {
  readonly format: ImportFormat
  readonly encoding?: DetectedEncoding
  readonly delimiter?: string
  readonly quote?: string
  readonly columns: readonly ColumnSuggestion[]
  /** The likeliest mapping, ready to be passed on: columns in doubt are left out. */
  readonly mapping: ImportMapping
}
