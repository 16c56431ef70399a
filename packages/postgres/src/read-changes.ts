import { type Change, CrmError, invalidField } from '@rapport/core/storage'
import type { PostgresConnection } from './driver.js'
import { selectByIds } from './sql-query.js'
import type { StorageTables } from './storage-tables.js'

const positionShape = /^(\d{1,20}):(\d{1,19}):(\d{1,10})$/

/**
 * Changes of a tenant behind a position. Each entry tells the newest state of its record, so that a record never seems to go back even
 * where two transactions began in one order and reached it in the other.
 */
export async function readChanges(
  connection: PostgresConnection,
  tables: StorageTables,
  tenantId: string,
  after: string | undefined,
  limit: number,
): Promise<Change[]> {
  const start = after === undefined ? ['0', '0', '0', '0'] : positionShape.exec(after)
  if (!start) throw invalidField('after', 'is no position of the change feed; pass one that it gave')
  const [, xid = '0', seq = '0', place = '0'] = start
  const { column: position, type, horizonSql } = tables.feedOrder
  const statement = tables.statement(
    `select c.${position}::text, c."seq"::text, u.place::text, c."entity", u.id, u.version, c."deleted" ` +
      `from ${tables.feed} as c, unnest(c."ids", c."versions") with ordinality as u(id, version, place) ` +
      `where c."tenant_id" = $1::text and (c.${position}, c."seq") >= ($2::${type}, $3::bigint) ` +
      `and (c.${position} > $2::${type} or c."seq" > $3::bigint or u.place > $4::bigint) ` +
      `and c."entity" <> '' and c.${position} < ${horizonSql} ` +
      `order by c.${position}, c."seq", u.place limit ${limit}`,
    [tenantId, xid, seq, place],
  )
  const { rows } = await connection.query(statement)
  // Asked afterwards: what is pruned between the two answers is reported, not missed.
  if (after !== undefined && (await isPruned(connection, tables, tenantId, [xid, seq, place]))) throw changesPruned()
  const entries = rows.map(
    (row): Change => ({
      position: `${row[0]}:${row[1]}:${row[2]}`,
      entity: row[3] as string,
      id: row[4] as string,
      kind: row[6] === true ? 'delete' : 'put',
      version: Number(row[5]),
    }),
  )
  const present = await presentVersions(connection, tables, tenantId, entries)
  return entries.map((entry) => {
    const versions = present.get(entry.entity)
    if (!versions) return entry
    const version = versions.get(entry.id)
    return version === undefined ? { ...entry, kind: 'delete' } : { ...entry, kind: 'put', version }
  })
}

/** Whether entries behind a position were removed: then the first that is left is a mark behind it (see `pruneChanges`). */
async function isPruned(
  connection: PostgresConnection,
  tables: StorageTables,
  tenantId: string,
  place: readonly string[],
): Promise<boolean> {
  const { column, type } = tables.feedOrder
  const text =
    `select 1 from (select * from ${tables.feed} where "tenant_id" = $1::text order by ${column}, "seq" limit 1) as first ` +
    `where "entity" = '' and (${column}, "seq", "versions"[1]) > ($2::${type}, $3::bigint, $4::bigint)`
  const { rows } = await connection.query(tables.statement(text, [tenantId, ...place]))
  return rows.length > 0
}

function changesPruned(): CrmError {
  return new CrmError('not_found', 'The change feed no longer goes back to this position', {
    reason: 'pruned',
    retriable: false,
    remedy: 'start over: read all records, then follow the feed from its beginning',
  })
}

async function presentVersions(
  connection: PostgresConnection,
  tables: StorageTables,
  tenantId: string,
  entries: readonly Change[],
): Promise<Map<string, Map<string, number>>> {
  const present = new Map<string, Map<string, number>>()
  for (const entity of new Set(entries.map((entry) => entry.entity))) {
    const table = tables.find(entity)
    if (!table) continue
    const ids = [...new Set(entries.filter((entry) => entry.entity === entity).map(({ id }) => id))]
    const text = selectByIds(table, '"id", "version"', tables.profile.skipScans)
    const { rows } = await connection.query(tables.statement(text, [tenantId, ids]))
    present.set(entity, new Map(rows.map((row) => [row[0] as string, Number(row[1])])))
  }
  return present
}
