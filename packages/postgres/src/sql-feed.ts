import { quoteIdentifier } from './sql-identifier.js'

/**
 * The change feed is a table with one row for each part of a batch, which lists the ids it wrote: a batch of a thousand costs one row.
 *
 * A reader sees only rows of transactions older than every one still running, in the order of transaction and sequence. What
 * commits later belongs to a younger transaction, so it lies behind every position handed out, however late it commits.
 *
 * `at` is when the transaction began; the feed's order does not follow it, only `pruneChanges` asks for it.
 */
export function feedTableSql(schema: string): string {
  return `${quoteIdentifier(schema)}."change"`
}

/** The statements that make the feed's table. Lists of ids are hardly worth the time that compressing them takes. */
export function createFeedSql(schema: string): string[] {
  const table =
    `create table if not exists ${feedTableSql(schema)} (\n` +
    '  "tenant_id" text collate "C" not null,\n' +
    '  "xid" xid8 not null default pg_current_xact_id(),\n' +
    '  "seq" bigint not null generated always as identity,\n' +
    '  "entity" text collate "C" not null,\n' +
    '  "deleted" boolean not null,\n' +
    '  "ids" text[] collate "C" not null,\n' +
    '  "versions" bigint[] not null,\n' +
    '  "at" timestamp(3) with time zone not null default now(),\n' +
    '  constraint "pk_change" primary key ("tenant_id", "xid", "seq")\n)'
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

/** The insert of such rows. */
export function feedInsertSql(feedTable: string, rows: readonly string[]): string {
  return `insert into ${feedTable} ("tenant_id", "entity", "deleted", "ids", "versions") ${rows.join(' union all ')}`
}
