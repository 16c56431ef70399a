import type { SqlValue } from './driver.js'
import type { SqlBinds } from './sql-binds.js'
import { quoteIdentifier } from './sql-identifier.js'

/** A column of the rows that are written. */
export interface SourceColumn {
  readonly key: string
  /** Type of its parameter. */
  readonly type: string
}

/** Where a write takes its values from. */
export interface WriteSource {
  /** The relation of the rows behind a word such as `from`; nothing where a lone row needs none. */
  from(word: string): string
  /** The value of a column. */
  value(key: string): string
}

/**
 * The rows of a write: a lone one as typed parameters, which costs the least to parse and plan, more as a relation from a single JSON
 * parameter, whatever their number.
 */
export function writeSource(
  columns: readonly SourceColumn[],
  rows: readonly Readonly<Record<string, unknown>>[],
  binds: SqlBinds,
): WriteSource {
  const [only] = rows
  if (rows.length === 1 && only) {
    const values = new Map(columns.map(({ key, type }) => [key, binds.add(parameterValue(only[key], type), type)]))
    return { from: () => '', value: (key) => values.get(key)! }
  }
  const json = binds.add(JSON.stringify(rows), 'jsonb')
  const types = columns.map(({ key, type }) => `${quoteIdentifier(key)} ${type}`)
  return {
    from: (word) => ` ${word} jsonb_to_recordset(${json}) as r(${types.join(', ')})`,
    value: (key) => `r.${quoteIdentifier(key)}`,
  }
}

function parameterValue(value: unknown, type: string): SqlValue {
  if (value === undefined || value === null) return null
  return type === 'jsonb' ? JSON.stringify(value) : (value as SqlValue)
}
