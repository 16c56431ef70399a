/** What a statement may carry as a parameter. Lists are sent as PostgreSQL arrays; JSON travels as text. */
export type SqlValue = string | number | boolean | null | readonly (string | number | boolean)[]

/** One SQL statement with `$1`-style parameters. */
export interface Statement {
  readonly text: string
  readonly values: readonly SqlValue[]
  /** When given, the driver may prepare the statement under this name and reuse it. The same name means the same text. */
  readonly name?: string
}

/**
 * What a statement gave back. A row is the list of its values in the order of the select list: `bigint` and `double precision` as
 * numbers (or numeric text), `boolean` as boolean, `timestamptz` as `Date` or text, `jsonb` parsed, `text[]` as a list of
 * strings.
 */
export interface QueryResult {
  readonly rows: readonly (readonly unknown[])[]
  /** Rows returned, or changed where none are returned. */
  readonly rowCount: number
}

/** Options of a single call of a driver. */
export interface DriverCallOptions {
  /**
   * When it fires, the driver tries to end what runs, so that the call rejects soon, and leaves its connections usable. A driver that
   * cannot end a statement lets it run to its end.
   */
  readonly signal?: AbortSignal
}

/** Something that runs one statement after the other. */
export interface PostgresConnection {
  /** Whether `rowCount` is always right, also where no rows are returned; taken for false when left out. Some writes are faster then. */
  readonly countsRows?: boolean
  query(statement: Statement, options?: DriverCallOptions): Promise<QueryResult>
  /**
   * Runs a `copy … from stdin` with rows in PostgreSQL's text format, read chunk by chunk as the server takes them. Optional: without it,
   * rows are loaded as JSON parameters, which takes about half as long again.
   */
  copy?(text: string, chunks: Iterable<Uint8Array<ArrayBuffer>>, options?: DriverCallOptions): Promise<void>
}

/**
 * All that the storage needs of a PostgreSQL client: three methods, and two more where it can. `pg` and PGlite have theirs here; another
 * client, such as postgres.js, takes about ten lines and goes to `storageOnDriver`.
 */
export interface PostgresDriver extends PostgresConnection {
  /**
   * Runs `work` on one connection between `begin` and `commit`, at read committed. Rolls back when `work` rejects, and rejects
   * with the same error. The signal ends the wait for a connection; what `work` runs has its own.
   */
  transaction<T>(work: (connection: PostgresConnection) => Promise<T>, options?: DriverCallOptions): Promise<T>
  /**
   * Listens on a channel of `NOTIFY` over a connection of its own, which it opens again whenever it breaks. `hear` gets each payload,
   * and `undefined` when some may have been missed. Resolves when listening, with how to stop. Optional: without it, watchers hear
   * only of changes made through the same storage.
   */
  listen?(channel: string, hear: (payload: string | undefined) => void): Promise<() => Promise<void>>
  /** How many connections it may have at once, where it knows. With a single one, a schema is changed in one transaction. */
  readonly connections?: number
  /** Releases what the driver itself opened. */
  close(): Promise<void>
}
