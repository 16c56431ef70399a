import type { NewRow } from '@rapport/core/storage'
import { type Contestant, pageSize, tenantId } from './contestant.js'

/** Runs a statement the way the client under test likes it, and returns the rows. */
export type RawQuery = (name: string, text: string, values: unknown[]) => Promise<readonly unknown[]>

const columns = '"id", "stage", "name", "email", "orders", "value", "active", "updated_at", "tags", "custom"'
const record =
  '"id" text, "stage" text, "name" text, "email" text, "orders" bigint, "value" double precision, "active" boolean, ' +
  '"updatedAt" timestamptz, "tags" text[], "custom" jsonb'
const recordColumns = '"id", "stage", "name", "email", "orders", "value", "active", "updatedAt", "tags", "custom"'

/** Sends rows to a `copy … from stdin` the way the client under test does. */
export type RawCopy = (text: string, chunks: Iterable<string>) => Promise<void>

const special = /[\\\n\r\t]/g
const escaped = (text: string): string =>
  text.replace(special, (character) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? '\\\\')
const quoted = (tags: unknown): string =>
  `{${(tags as readonly string[]).map((tag) => `"${tag.replace(/["\\]/g, '\\$&')}"`).join(',')}}`

/** The rows as lines of text, as a careful person writes them by hand. */
function* copyLines(rows: readonly NewRow[]): Generator<string> {
  let lines = ''
  for (const row of rows) {
    const texts = [row.id, row.stage, row.name, row.email].map((text) => escaped(text as string)).join('\t')
    lines +=
      `${tenantId}\t1\t${texts}\t${row.orders}\t${row.value}\t${row.active}\t${row.updatedAt}` +
      `\t${escaped(quoted(row.tags))}\t${escaped(JSON.stringify(row.custom))}\n`
    if (lines.length > 65_536) {
      yield lines
      lines = ''
    }
  }
  yield lines
}

/**
 * Hand-written SQL on a table with the same columns and indexes as ours. Without a table for a change feed it does less than we do: its
 * writes leave no trace that a sync could follow. With one, each write adds the row that ours adds.
 */
export function rawContestant(
  name: string,
  { table, feed }: { readonly table: string; readonly feed?: string },
  query: RawQuery,
  copy: RawCopy,
  close: () => Promise<void>,
): Contestant {
  const fed = (write: string, isMany: boolean): string => {
    const lists = isMany ? 'array_agg("id"), array_agg("version")' : 'array["id"], array["version"]'
    return feed === undefined
      ? write
      : `with w as (${write} returning "id", "version") insert into ${feed} ("tenant_id", "entity", "deleted", "ids", "versions") ` +
          `select $1, 'contact', false, ${lists} from w returning 1`
  }
  return {
    name,
    async insert(row: NewRow) {
      await query(
        'insert',
        fed(
          `insert into ${table} ("tenant_id", "version", ${columns}) values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
          false,
        ),
        [
          tenantId,
          row.id,
          row.stage,
          row.name,
          row.email,
          row.orders,
          row.value,
          row.active,
          row.updatedAt,
          row.tags,
          JSON.stringify(row.custom),
        ],
      )
    },
    async insertBatch(rows) {
      await query(
        'batch',
        fed(
          `insert into ${table} ("tenant_id", "version", ${columns}) select $1, 1, ${recordColumns} from jsonb_to_recordset($2::jsonb) as r(${record})`,
          true,
        ),
        [tenantId, JSON.stringify(rows)],
      )
    },
    async load(rows) {
      await copy(`copy ${table} ("tenant_id", "version", ${columns}) from stdin`, copyLines(rows))
      if (feed === undefined) return
      await query(
        'feed',
        `insert into ${feed} ("tenant_id", "entity", "deleted", "ids", "versions") values ($1, 'contact', false, $2, $3)`,
        [tenantId, rows.map(({ id }) => id), rows.map(() => 1)],
      )
    },
    async read(id) {
      const [row] = await query(
        'read',
        `select "id", "version", ${columns} from ${table} where "tenant_id" = $1 and "id" = $2`,
        [tenantId, id],
      )
      return row
    },
    async page({ stage, updatedAt, id }) {
      const rows = await query(
        'page',
        `select "version", ${columns} from ${table} where "tenant_id" = $1 and "stage" = $2 and ("updated_at", "id") < ($3, $4) ` +
          `order by "updated_at" desc, "id" desc limit ${pageSize}`,
        [tenantId, stage, updatedAt, id],
      )
      return rows.length
    },
    async pageBehind(id) {
      const rows = await query(
        'page by id',
        `select "version", ${columns} from ${table} where "tenant_id" = $1 and "id" > $2 order by "id" limit ${pageSize}`,
        [tenantId, id],
      )
      return rows.length
    },
    async update(id, version, orders) {
      const rows = await query(
        'update',
        fed(
          `update ${table} set "orders" = $4, "active" = $5, "version" = "version" + 1 ` +
            `where "tenant_id" = $1 and "id" = $2 and "version" = $3${feed === undefined ? ' returning "version"' : ''}`,
          false,
        ),
        [tenantId, id, version, orders, true],
      )
      if (rows.length !== 1) throw new Error('the row has another version')
    },
    close,
  }
}
