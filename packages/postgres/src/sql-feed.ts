import type { Profile } from './profile/profile.js'
import { primaryKeySql } from './schema/tables.js'
import { quoteIdentifier } from './sql-identifier.js'

/**
 * The change feed is a table with one row for each part of a batch, which lists the ids it wrote: a batch of a thousand costs one row.
 *
 * A reader sees only rows of transactions older than every one still running, in the order of transaction and sequence. What
 * commits later belongs to a younger transaction, so it lies behind every position handed out, however late it commits.
 * Where transaction ids tell nothing (see `Profile.feed`), both go by the clock, and what takes longer than the lag to commit is passed
 * over: that is what the lag declares.
 *
 * `at` is when the transaction began; the feed's order does not follow it, only `pruneChanges` asks for it.
 */
export function feedTableSql(schema: string): string {
  return `${quoteIdentifier(schema)}."change"`
}

/** What the feed of an engine is ordered by, before the sequence. */
export interface FeedOrder {
  /** Quoted name of the column. */
  readonly column: string
  readonly type: string
  readonly defaultSql: string
  /** What a reader may see lies below this. */
  readonly horizonSql: string
}

/** The order of the feed under a profile, whose clock lags by so many milliseconds. */
export function feedOrder({ feed }: Profile, lagMs: number): FeedOrder {
  if (feed === 'snapshot') {
    return {
      column: '"xid"',
      type: 'xid8',
      defaultSql: 'pg_current_xact_id()',
      horizonSql: 'pg_snapshot_xmin(pg_current_snapshot())',
    }
  }
  const microseconds = '(extract(epoch from clock_timestamp()) * 1000000)::bigint'
  const horizonSql = `${microseconds} - ${Math.round(lagMs * 1_000)}`
  return { column: '"moment"', type: 'bigint', defaultSql: microseconds, horizonSql }
}

/** The statements that make the feed's table. Lists of ids are hardly worth the time that compressing them takes. */
export function createFeedSql(schema: string, profile: Profile): string[] {
  const { column: position, type, defaultSql } = feedOrder(profile, 0)
  const key = primaryKeySql([position.slice(1, -1), 'seq'], profile, true)
  const table =
    `create table if not exists ${feedTableSql(schema)} (\n` +
    `  "tenant_id" text${profile.collation} not null,\n` +
    `  ${position} ${type} not null default ${defaultSql},\n` +
    '  "seq" bigint not null generated always as identity,\n' +
    `  "entity" text${profile.collation} not null,\n` +
    '  "deleted" boolean not null,\n' +
    `  "ids" text[]${profile.collation} not null,\n` +
    '  "versions" bigint[] not null,\n' +
    '  "at" timestamp(3) with time zone not null default now(),\n' +
    `  constraint "pk_change" primary key ${key}\n)`
  if (!profile.fineTuning) return [table]
  const columns = ['ids', 'versions'].map((column) => `alter column "${column}" set storage external`)
  return [table, `alter table ${feedTableSql(schema)} ${columns.join(', ')}`]
}

/** One row of the feed from the ids and versions that a part of a statement returned. */
export function feedRowSql(tenant: string, entity: string, deleted: boolean, part: string, single: boolean): string {
  const head = `select ${tenant}, '${entity.replaceAll("'", "''")}', ${deleted}`
  return single
    ? `${head}, array["id"], array["version"] from ${part}`
    : `${head}, array_agg("id"), array_agg("version") from ${part} having count(*) > 0`
}

/** One row of the feed about a single row whose id and version are known beforehand. */
export function loneFeedRowSql(tenant: string, entity: string, id: string, version: string): string {
  return `select ${tenant}, '${entity.replaceAll("'", "''")}', false, array[${id}], array[${version}::bigint]`
}

/** The insert of such rows. */
export function feedInsertSql(feedTable: string, rows: readonly string[]): string {
  return `insert into ${feedTable} ("tenant_id", "entity", "deleted", "ids", "versions") ${rows.join(' union all ')}`
}
