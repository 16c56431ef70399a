import { describe, expect, test } from 'vitest'
import { customer, customerTable } from '../customer.fixture.js'
import type { PostgresDriver } from '../driver.js'
import { setTenant } from '../row-security.js'
import { planSchema } from '../schema/plan.js'
import { storageOnDriver } from '../storage-on-driver.js'
import { tenantIds } from '../tenant-ids.js'
import { type ProfileName, profileOf } from './profile.js'
import { requireAllowed } from './statement-guard.js'

/** A database without anything in it. */
const empty: PostgresDriver = {
  query: async () => ({ rows: [], rowCount: 0 }),
  transaction: (work) => work(empty),
  close: async () => {},
}

/** The statements that make the schema of an entity on an engine. */
async function statementsOf(profile: ProfileName, rowLevelSecurity = false): Promise<string[]> {
  const { steps } = await planSchema(empty, [customer], {
    schema: 'rapport',
    profile: profileOf(profile),
    promote: [{ entity: customer.name, field: 'custom.seats', type: 'float', order: true }],
    rowLevelSecurity,
  })
  return steps.flatMap(({ sql }) => sql)
}

const creating = (statements: readonly string[], table: string): string =>
  statements.find((text) => text.startsWith(`create table if not exists "rapport"."${table}"`)) ?? ''

test('on Citus tables are spread by tenant beside each other, and shared lists are on every node', async () => {
  const statements = await statementsOf('citus')
  expect(statements.filter((text) => text.startsWith('select create_'))).toEqual([
    `select create_reference_table('"rapport"."rapport_schema"')`,
    `select create_reference_table('"rapport"."rapport_schema_step"')`,
    `select create_distributed_table('"rapport"."change"', 'tenant_id', colocate_with => 'none')`,
    `select create_distributed_table('"rapport"."customer"', 'tenant_id', colocate_with => '"rapport"."change"')`,
  ])
})

test('on Citus the tenant of row-level security is set by a statement, and tenants are listed without recursion', async () => {
  expect(setTenant(profileOf('citus'), "o'hara")).toEqual({ text: "set local rapport.tenant = 'o''hara'", values: [] })
  const texts: string[] = []
  const connection = {
    query: async ({ text }: { text: string }) => {
      texts.push(text)
      return { rows: [], rowCount: 0 }
    },
  }
  for await (const _ of tenantIds(connection, [customerTable], profileOf('citus'))) expect.unreachable()
  expect(texts).toEqual([
    'select id from (select "tenant_id" as id from "rapport"."customer" where "tenant_id" > $1::text collate "C") as tenant order by id limit 1000',
  ])
})

test('on YugabyteDB rows are placed by the hash of their tenant', async () => {
  const statements = await statementsOf('yugabyte')
  expect(creating(statements, 'customer')).toContain(
    'constraint "pk_customer" primary key (("tenant_id") hash, "id" asc)',
  )
  expect(creating(statements, 'change')).toContain('primary key (("tenant_id") hash, "moment" asc, "seq" asc)')
})

test('on CockroachDB the keys of the change feed, which only grow, are spread over shards', async () => {
  const statements = await statementsOf('cockroach')
  expect(creating(statements, 'change')).toContain('primary key ("tenant_id", "moment", "seq") using hash')
  expect(creating(statements, 'customer')).toContain('primary key ("tenant_id", "id")')
  expect(creating(statements, 'customer')).not.toContain('using hash')
  expect(statements.join('\n')).not.toMatch(/collate|nulls last|jsonb_path_ops|set storage/)
})

test.each<[ProfileName]>([['postgres'], ['pglite'], ['citus'], ['cockroach'], ['yugabyte']])(
  'no statement that makes a schema for %s uses what its engine lacks',
  async (profile) => {
    for (const text of await statementsOf(profile, true)) requireAllowed({ text }, profile, false)
  },
)

test('engines whose transaction ids tell nothing declare a lag of the change feed', () => {
  const lagOf = (profile: ProfileName): unknown => storageOnDriver(empty, { profile }).capabilities.changes
  expect(lagOf('postgres')).toEqual({ lagMs: 250 })
  expect(lagOf('pglite')).toEqual({ lagMs: 0 })
  for (const profile of ['citus', 'cockroach', 'yugabyte'] as const) expect(lagOf(profile)).toEqual({ lagMs: 5_000 })
})

test('an unknown profile is a TypeError', () => {
  expect(() => storageOnDriver(empty, { profile: 'oracle' as 'postgres' })).toThrow(TypeError)
})

describe('the guard of a profile', () => {
  test.each<[ProfileName, string, string]>([
    ['cockroach', 'select pg_try_advisory_xact_lock($1)', 'advisory locks'],
    ['yugabyte', 'select pg_advisory_lock(1)', 'advisory locks'],
    ['cockroach', 'listen rapport', 'LISTEN and NOTIFY'],
    ['citus', "select pg_notify('rapport', '')", 'LISTEN and NOTIFY'],
    ['cockroach', 'select id from t limit 1 for update skip locked', 'SKIP LOCKED'],
    ['yugabyte', 'create constraint trigger t after insert on x', 'triggers'],
    ['cockroach', 'create table t (a int generated always as (b + 1) stored)', 'generated columns'],
    ['cockroach', 'alter table t add unique (a) deferrable initially deferred', 'deferrable constraints'],
    ['yugabyte', 'alter table t add exclude using gist (a with =)', 'exclusion constraints'],
    ['yugabyte', 'select xmin from t', 'transaction ids'],
    ['citus', 'select pg_snapshot_xmin(pg_current_snapshot())', 'transaction ids'],
    ['cockroach', 'insert into t values (1) on conflict ((lower(a))) do nothing', 'ON CONFLICT on an expression'],
    ['cockroach', 'insert into t values (1) on conflict (lower(a)) do nothing', 'ON CONFLICT on an expression'],
    ['cockroach', 'select 1 from t where custom = $1::jsonb', 'comparison of jsonb'],
    ['cockroach', "select nullif(custom -> 'a', 'null'::jsonb) from t", 'comparison of jsonb'],
    ['cockroach', 'merge into t using s on true when matched then delete', 'MERGE'],
    ['cockroach', 'select a from t group by rollup (a)', 'grouping sets'],
    ['citus', 'select set_config($1, $2, true)', 'set_config'],
    ['citus', 'with recursive t as (select 1) select * from t', 'recursive queries'],
    ['postgres', 'create table a (b int); create table c (d int)', 'several statements in one text'],
    [
      'cockroach',
      'with a as (insert into "s"."t" values (1)), b as (delete from "s"."t" where x) select 1',
      'several mutations of one table',
    ],
  ])('of %s refuses %s', (profile, text, what) => {
    expect(() => requireAllowed({ text }, profile, false)).toThrow(what)
  })

  test.each<[ProfileName, string]>([
    ['cockroach', 'create table t (id bigint generated always as identity)'],
    ['cockroach', 'update "s"."t" set "custom" = $2::jsonb where "id" = $1'],
    [
      'cockroach',
      'insert into "s"."t" as t ("id") values (1) on conflict ("tenant_id", "id") do update set "a" = excluded."a"',
    ],
    ['cockroach', "select * from t where note = 'skip locked; notify'"],
    ['postgres', 'select pg_try_advisory_xact_lock($1)'],
  ])('of %s lets pass %s', (profile, text) => {
    expect(() => requireAllowed({ text }, profile, false)).not.toThrow()
  })

  test.each<[ProfileName]>([['cockroach'], ['yugabyte']])(
    'of %s refuses definitions of tables in a transaction',
    (profile) => {
      const text = 'alter table t add column a int'
      expect(() => requireAllowed({ text }, profile, true)).toThrow('DDL in a transaction')
      expect(() => requireAllowed({ text }, profile, false)).not.toThrow()
    },
  )
})
