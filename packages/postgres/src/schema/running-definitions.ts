import type { PostgresConnection, Statement } from '../driver.js'
import { quoteIdentifier } from '../sql-identifier.js'
import { pauseMs } from './pause.js'

/** Milliseconds between two looks. */
const retryMs = 100

/**
 * Waits until the server carries out no statement that changes definitions of the schema, and returns whether there was one. Under the
 * migration lock only a statement of a process that was killed can be one of ours: its lock went with it, the statement goes on to its end.
 *
 * The statement itself is waited for, as no lock tells its end: `create index concurrently` gives up that on the table before it commits,
 * and who then touches the index meets `tuple concurrently updated`. To wait for that lock with a definition of one's own would also be a
 * deadlock, for it keeps a snapshot, which the build waits for. Statements of another role are seen only by `pg_read_all_stats`.
 */
export async function waitForRunningDefinitions(
  connection: PostgresConnection,
  schema: string,
  signal?: AbortSignal,
): Promise<boolean> {
  for (let wasRunning = false; ; wasRunning = true) {
    const { rows } = await connection.query(runningDefinitions(schema))
    if (rows.length === 0) return wasRunning
    await pauseMs(retryMs, signal)
  }
}

function runningDefinitions(schema: string): Statement {
  return {
    text:
      "select 1 from pg_catalog.pg_stat_activity where datname = pg_catalog.current_database() and state = 'active' " +
      "and query ~ '^(create|alter|drop) ' and pg_catalog.strpos(query, $1::text) > 0 limit 1",
    values: [`${quoteIdentifier(schema)}.`],
  }
}
