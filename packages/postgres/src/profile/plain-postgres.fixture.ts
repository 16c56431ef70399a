import type pg from 'pg'
import type { PostgresConnection, PostgresDriver } from '../driver.js'
import { quoteIdentifier } from '../sql-identifier.js'
import type { ProfileName } from './profile.js'
import { guardDriver } from './statement-guard.js'

/**
 * A driver to plain PostgreSQL that behaves like the engine of a profile: what that lacks is refused, and what it alone understands, the
 * layout of primary keys, is left out. The functions of Citus come from {@link makeCitusFunctions}.
 */
export function asEngine(driver: PostgresDriver, profile: ProfileName): PostgresDriver {
  const plain = (text: string): string =>
    text.replaceAll('(("tenant_id") hash, ', '("tenant_id", ').replaceAll(/(primary key \([^)]*\)) using hash/g, '$1')
  const translated = (connection: PostgresConnection): PostgresConnection => ({
    ...connection,
    query: (statement, options) => connection.query({ ...statement, text: plain(statement.text) }, options),
  })
  return guardDriver(
    {
      ...driver,
      ...translated(driver),
      transaction: (work, options) => driver.transaction((connection) => work(translated(connection)), options),
    },
    profile,
  )
}

/**
 * Functions with the names and parameters of Citus, which note how they were called in the table `call`. Connections find them in
 * their search path.
 */
export async function makeCitusFunctions(pool: pg.Pool, schema: string): Promise<void> {
  const into = quoteIdentifier(schema)
  await pool.query(`
    drop schema if exists ${into} cascade;
    create schema ${into};
    create table ${into}."call" (id bigint generated always as identity, function text, relation text, distribution text, beside text);
    create function ${into}.create_distributed_table(
      table_name regclass, distribution_column text, distribution_type text default 'hash',
      colocate_with text default 'default', shard_count integer default null) returns void language sql as $$
        insert into ${into}."call" (function, relation, distribution, beside)
        values ('create_distributed_table', table_name::text, distribution_column, colocate_with) $$;
    create function ${into}.create_reference_table(table_name regclass) returns void language sql as $$
      insert into ${into}."call" (function, relation) values ('create_reference_table', table_name::text) $$;
  `)
}
