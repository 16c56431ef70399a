import type { NewRow } from '@rapport/core/storage'
import type { TableColumn } from './schema/tables.js'
import { arrayText } from './wire-message.js'

/** Characters of a chunk, at least; the last one may have fewer. */
const chunkLength = 64 * 1024

/**
 * Rows in the text format of `copy` (PostgreSQL documentation, `COPY`, "Text Format"): the tenant, the version, then the columns. Made
 * chunk by chunk, so that no more than one is held besides the rows.
 */
export function* copyText(
  tenantId: string,
  columns: readonly TableColumn[],
  rows: Iterable<NewRow>,
): Generator<string, void> {
  const fields = columns.map(({ path, type }) => [path, type] as const)
  const tenant = escaped(tenantId)
  let chunk = ''
  for (const row of rows) {
    chunk += `${tenant}\t${row.version ?? 1}`
    for (const [path, type] of fields) {
      const value = row[path]
      chunk += value === undefined || value === null ? '\t\\N' : `\t${fieldText(type, value)}`
    }
    chunk += '\n'
    if (chunk.length >= chunkLength) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}

function fieldText(type: TableColumn['type'], value: unknown): string {
  switch (type) {
    case 'text':
      return escaped(value as string)
    case 'text[]':
      return escaped(arrayText(value as readonly string[]))
    case 'json':
      // JSON writes control characters as escapes itself.
      return JSON.stringify(value).replaceAll('\\', '\\\\')
    default:
      return String(value)
  }
}

const special = /[\\\n\r\t]/
const everySpecial = /[\\\n\r\t]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(text: string): string {
  return special.test(text) ? text.replace(everySpecial, (character) => escapes[character]!) : text
}
