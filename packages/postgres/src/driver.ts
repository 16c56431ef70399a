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

/** Something that runs one statement after the other. */
export interface PostgresConnection {
  query(statement: Statement): Promise<QueryResult>
}

/**
 * All that the storage needs of a PostgreSQL client: three methods. `pg` and PGlite have theirs here; another client, such as
 * postgres.js, takes about ten lines and goes to `storageOnDriver`.
 */
export interface PostgresDriver extends PostgresConnection {
  /**
   * Runs `work` on one connection between `begin` and `commit`, at read committed. Rolls back when `work` rejects, and rejects
   * with the same error.
   */
  transaction<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T>
  /** Releases what the driver itself opened. */
  close(): Promise<void>
}
