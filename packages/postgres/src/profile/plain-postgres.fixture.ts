import type pg from 'pg'
import type { PostgresConnection, PostgresDriver } from '../driver.js'
import type { PgClient, PgPool } from '../pg-lease.js'
import type { PgQuery } from '../pg-query.js'
import { quoteIdentifier } from '../sql-identifier.js'
import type { ProfileName } from './profile.js'
import { guardDriver } from './statement-guard.js'

/**
 * A driver to plain PostgreSQL that behaves like the engine of a profile: what that lacks is refused, and what it alone understands, the
 * layout of primary keys, is left out. The functions of Citus come from {@link makeCitusFunctions}.
 */
export function asEngine(driver: PostgresDriver, profile: ProfileName): PostgresDriver {
  const plain = (text: string): string =>
    text
      .replaceAll(
        /\(\("tenant_id"\) hash, ([^)]*)\)/g,
        (_, rest: string) => `("tenant_id", ${rest.replaceAll(' asc', '')})`,
      )
      .replaceAll(/(primary key \([^)]*\)) using hash/g, '$1')
  const translated = (connection: PostgresConnection): PostgresConnection => {
    const copy = connection.copy?.bind(connection)
    return {
      countsRows: connection.countsRows === true,
      query: (statement, options) => connection.query({ ...statement, text: plain(statement.text) }, options),
      ...(copy && { copy }),
    }
  }
  return guardDriver(
    {
      ...translated(driver),
      transaction: (work, options) => driver.transaction((connection) => work(translated(connection)), options),
      close: () => driver.close(),
    },
    profile,
  )
}

/** A pool whose integers come as text, as CockroachDB's drivers give them. */
export function withTextIntegers(pool: pg.Pool): PgPool {
  const integers = new Set([20, 21, 23])
  const asText = (types: PgQuery['types']): PgQuery['types'] => ({
    getTypeParser: (oid, format) => (integers.has(oid) ? (text) => text : types.getTypeParser(oid, format)),
  })
  const proxies = new WeakMap<object, PgClient>()
  const proxyOf = (client: PgClient): PgClient =>
    new Proxy(client, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        if (name !== 'query') return member.bind(target) as unknown
        return (query: PgQuery) => target.query('types' in query ? { ...query, types: asText(query.types) } : query)
      },
    })
  return {
    async connect() {
      const client: PgClient = await pool.connect()
      const proxy = proxies.get(client) ?? proxyOf(client)
      proxies.set(client, proxy)
      return proxy
    },
    end: () => pool.end(),
  }
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
