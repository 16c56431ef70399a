import type { Where } from '../../entity/where.js'
import type { Path } from '../../storage/row.js'

/** Records that belong to the exported ones. */
export interface ExportRelation {
  /** Kind of record, such as `company`. */
  readonly object: string
  readonly fields: readonly Path[]
  /** The field of the exported record that holds the other's id, such as `parentCompanyId`. */
  readonly from?: Path
  /** The field of the other record that holds the exported one's id, such as `contactId`. */
  readonly by?: Path
  /** With neither `from` nor `by` the two are linked by associations; only those of this type when it is given, such as `role`. */
  readonly typeKey?: string
  /** Fields of the association, such as `title`, `from` and `to` of a role: columns `company.link.title`. */
  readonly linkFields?: readonly Path[]
  /** Whether associations count too that have ended. */
  readonly former?: boolean
}

/** What to export. */
export interface ExportOptions {
  /** Kind of record, such as `contact`. */
  readonly object: string
  readonly where?: Where
  readonly orderBy?: readonly string[]
  /** Paths; the id and all that an import can set when left out, as far as the actor may read it. */
  readonly fields?: readonly Path[]
  /** Related records by the name they get: columns `company.name`, or lists in JSON lines. */
  readonly relations?: Readonly<Record<string, ExportRelation>>
  /** Header by path; the path itself when left out, which an import knows again. */
  readonly headers?: Readonly<Record<Path, string>>
  readonly signal?: AbortSignal
}

/** How a CSV is written. */
export interface CsvExportOptions extends ExportOptions {
  /** `,` when left out. */
  readonly delimiter?: ',' | ';' | '\t' | '|'
  /**
   * For people (default): with a byte order mark, and an apostrophe before what a spreadsheet program would run as a formula. For
   * machines: neither. An import reads both.
   */
  readonly audience?: 'people' | 'machines'
}
