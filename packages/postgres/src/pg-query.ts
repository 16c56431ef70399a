import type { QueryResult, SqlValue, Statement } from './driver.js'
import { type TextParser, textParsers } from './row-mapping.js'

/** What is used of a query of `pg`. */
export interface PgQuery {
  readonly text: string
  readonly values: SqlValue[]
  readonly name?: string
  readonly rowMode: 'array'
  readonly types: { readonly getTypeParser: (oid: number, format?: string) => TextParser }
}

/** What is used of an answer of `pg`. */
export interface PgAnswer {
  readonly rows: unknown[]
  readonly rowCount: number | null
}

/** A pool or a client of `pg`, or anything of their shape. */
export interface PgQueryTarget {
  query(query: PgQuery): Promise<PgAnswer>
}

const asText: TextParser = (text) => text
const types = { getTypeParser: (oid: number): TextParser => textParsers[oid] ?? asText }

/** Runs a statement the way `pg` takes it. */
export async function runPgQuery(target: PgQueryTarget, { text, values, name }: Statement): Promise<QueryResult> {
  const query: PgQuery = {
    text,
    values: values as SqlValue[],
    rowMode: 'array',
    types,
    ...(name !== undefined && { name }),
  }
  const { rows, rowCount } = await target.query(query)
  return { rows: rows as unknown[][], rowCount: rowCount ?? rows.length }
}
