import type { SqlValue } from './driver.js'
import { quoteIdentifier } from './sql-identifier.js'

/** A column of the rows that are written. */
export interface SourceColumn {
  readonly key: string
  /** Type of its parameter. */
  readonly type: string
}

/** Rows to write, by key. */
export type SourceRow = Readonly<Record<string, unknown>>

/** Where the text of a write takes its values from. */
export interface WriteSource {
  /** The relation of the rows behind a word such as `from`; nothing where a lone row needs none. */
  from(word: string): string
  /** The value of a column. */
  value(key: string): string
  /** Parameters it takes. */
  readonly size: number
}

/**
 * The source of a write whose parameters come behind the first `offset`: a lone row as typed parameters, which costs the least to parse and
 * plan, more as a relation from a single JSON parameter, whatever their number.
 */
export function writeSource(columns: readonly SourceColumn[], isLone: boolean, offset: number): WriteSource {
  if (isLone) {
    const values = new Map(columns.map(({ key, type }, index) => [key, `$${offset + index + 1}::${type}`]))
    return { from: () => '', value: (key) => values.get(key)!, size: columns.length }
  }
  const types = columns.map(({ key, type }) => `${quoteIdentifier(key)} ${type}`)
  return {
    from: (word) => ` ${word} jsonb_to_recordset($${offset + 1}::jsonb) as r(${types.join(', ')})`,
    value: (key) => `r.${quoteIdentifier(key)}`,
    size: 1,
  }
}

/** The parameters that a {@link writeSource} of these columns takes. */
export function sourceValues(columns: readonly SourceColumn[], rows: readonly SourceRow[]): SqlValue[] {
  const [only] = rows
  if (rows.length !== 1 || !only) return [JSON.stringify(rows)]
  return columns.map(({ key, type }) => {
    const value = only[key]
    if (value === undefined || value === null) return null
    return type === 'jsonb' ? JSON.stringify(value) : (value as SqlValue)
  })
}
