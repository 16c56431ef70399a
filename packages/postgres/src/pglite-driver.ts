import { throwIfAborted } from '@rapport/core/storage'
import type { PostgresConnection, PostgresDriver, QueryResult, SqlValue, Statement } from './driver.js'
import { type TextParser, textParsers } from './row-mapping.js'

/** What is used of the options of a query of PGlite. */
export interface PGliteQueryOptions {
  readonly rowMode?: 'array'
  readonly parsers?: Readonly<Record<number, TextParser>>
  /** What the statement reads as the file `/dev/blob`. */
  readonly blob?: Blob
}

/** What is used of an answer of PGlite. */
export interface PGliteAnswer {
  readonly rows: unknown[]
  readonly affectedRows?: number
}

/** What is used of a transaction of PGlite. */
export interface PGliteTransaction {
  query(text: string, values: SqlValue[], options: PGliteQueryOptions): Promise<PGliteAnswer>
}

/** What is used of an instance of PGlite. */
export interface PGliteInstance extends PGliteTransaction {
  /** Where the data are; `undefined` in memory. */
  readonly dataDir?: string
  transaction<T>(work: (transaction: PGliteTransaction) => Promise<T>): Promise<T>
}

const options: PGliteQueryOptions = { rowMode: 'array', parsers: textParsers }

/** A driver over the host's instance of PGlite, which has one connection: a transaction makes all others wait. It stays open. */
export function pgliteDriver(pglite: PGliteInstance): PostgresDriver {
  return {
    ...pgliteConnection(pglite),
    transaction: (work, { signal } = {}) => {
      throwIfAborted(signal)
      return pglite.transaction((transaction) => work(pgliteConnection(transaction)))
    },
    async close() {},
  }
}

/** An instance of PGlite, or a transaction of one, as a connection. It cannot end a statement: nothing else runs until it has. */
export function pgliteConnection(pglite: PGliteTransaction): PostgresConnection {
  return {
    async query(statement, { signal } = {}) {
      throwIfAborted(signal)
      return runPGliteQuery(pglite, statement)
    },
    async copy(text, chunks, { signal } = {}) {
      throwIfAborted(signal)
      await runPGliteCopy(pglite, text, chunks)
    },
  }
}

/** Runs a `copy … from stdin` on rows that PGlite reads from its own file. */
export async function runPGliteCopy(
  target: PGliteTransaction,
  text: string,
  chunks: Iterable<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const blob = new Blob([...chunks])
  await target.query(text.replace(/ from stdin$/, " from '/dev/blob'"), [], { blob })
}

/** Runs a statement on an instance of PGlite or on a transaction of one. Its `query` prepares nothing by name. */
export async function runPGliteQuery(target: PGliteTransaction, { text, values }: Statement): Promise<QueryResult> {
  const { rows, affectedRows } = await target.query(text, values as SqlValue[], options)
  return { rows: rows as unknown[][], rowCount: rows.length > 0 ? rows.length : (affectedRows ?? 0) }
}
