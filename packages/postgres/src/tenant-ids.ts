import type { PostgresConnection } from './driver.js'
import type { Profile } from './profile/profile.js'
import type { EntityTable } from './schema/tables.js'

const pageSize = 1_000

/**
 * Ids of the tenants that have rows in any of the tables, in code point order. Skips from one id to the next along the primary keys, so
 * the cost follows the number of tenants, not of rows.
 */
export async function* tenantIds(
  connection: PostgresConnection,
  tables: readonly EntityTable[],
  { recursion, collation }: Profile,
): AsyncGenerator<string> {
  if (tables.length === 0) return
  const text = recursion ? skippingSql(tables, collation) : gatheringSql(tables, collation)
  let last = ''
  for (;;) {
    const { rows } = await connection.query({ text, values: [last] })
    for (const row of rows) yield row[0] as string
    if (rows.length < pageSize) return
    last = rows.at(-1)![0] as string
  }
}

/** Where a query may not go from tenant to tenant: every table names its own, which costs a scan of its keys on each node. */
function gatheringSql(tables: readonly EntityTable[], collation: Profile['collation']): string {
  const own = tables.map(({ sql }) => `select "tenant_id" as id from ${sql} where "tenant_id" > $1::text${collation}`)
  return `select id from (${own.join(' union ')}) as tenant order by id limit ${pageSize}`
}

function skippingSql(tables: readonly EntityTable[], collation: Profile['collation']): string {
  return (
    `with recursive tenant(id) as (select ${leastBehind(tables, '$1::text', collation)} union all ` +
    `select ${leastBehind(tables, 'tenant.id', collation)} from tenant where tenant.id is not null) ` +
    `select id from tenant where id is not null limit ${pageSize}`
  )
}

function leastBehind(tables: readonly EntityTable[], id: string, collation: Profile['collation']): string {
  const minima = tables.map(
    ({ sql }) => `select min("tenant_id") as id from ${sql} where "tenant_id" > ${id}${collation}`,
  )
  return `(select min(id) from (${minima.join(' union all ')}) as next)`
}
