import type { PostgresConnection } from './driver.js'
import type { EntityTable } from './schema/tables.js'

const pageSize = 1_000

/**
 * Ids of the tenants that have rows in any of the tables, in code point order. Skips from one id to the next along the primary keys, so
 * the cost follows the number of tenants, not of rows.
 */
export async function* tenantIds(
  connection: PostgresConnection,
  tables: readonly EntityTable[],
): AsyncGenerator<string> {
  if (tables.length === 0) return
  const text =
    `with recursive tenant(id) as (select ${leastBehind(tables, '$1::text')} union all ` +
    `select ${leastBehind(tables, 'tenant.id')} from tenant where tenant.id is not null) ` +
    `select id from tenant where id is not null limit ${pageSize}`
  let last = ''
  for (;;) {
    const { rows } = await connection.query({ text, values: [last] })
    for (const row of rows) yield row[0] as string
    if (rows.length < pageSize) return
    last = rows.at(-1)![0] as string
  }
}

function leastBehind(tables: readonly EntityTable[], id: string): string {
  const minima = tables.map(
    ({ sql }) => `select min("tenant_id") as id from ${sql} where "tenant_id" > ${id} collate "C"`,
  )
  return `(select min(id) from (${minima.join(' union all ')}) as next)`
}
