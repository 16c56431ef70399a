import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createCrm } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'

/** Tables that hold notes of the import itself, and of the schema. */
const notes = ['run', 'import_batch', 'rapport_schema', 'rapport_schema_step']

/** How long `COPY` takes for what an import left, in seconds. */
export interface CopySeconds {
  /** Only the contacts. */
  readonly contacts: number
  /** Every row that the import wrote. */
  readonly everything: number
}

/**
 * Measures the peer: the rows that an import left in one schema are read out to files, and copied from there into the same tables, with
 * the same indexes, of a fresh schema. One `COPY` a table, nothing read, nothing checked.
 */
export async function copyRowsOf(connectionString: string, schema: string): Promise<CopySeconds> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-copy-'))
  const fresh = `${schema}_copied`
  const storage = postgresStorage({ connectionString, schema: fresh, migrate: 'auto' })
  await (await createCrm({ storage })).close()
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows: found } = await client.query<{ name: string }>(
      'select relname as name from pg_class where relnamespace = $1::regnamespace and relkind = $2 order by relname <> $3',
      [schema, 'r', 'contact'],
    )
    const tables: string[] = []
    for (const { name } of found) {
      if (notes.includes(name)) continue
      const { rowCount } = await client.query(`select from ${schema}.${name} limit 1`)
      if (rowCount === 1) tables.push(name)
    }
    const fileOf = (table: string): string => join(folder, table)
    for (const table of tables) {
      const read = client.query(to(`copy ${schema}.${table} to stdout`))
      await pipeline(read, createWriteStream(fileOf(table)))
    }
    await client.query(`truncate ${tables.map((table) => `${fresh}.${table}`).join(', ')}`)
    await client.query('checkpoint')
    let contacts = 0
    const start = performance.now()
    for (const table of tables) {
      await pipeline(createReadStream(fileOf(table)), client.query(from(`copy ${fresh}.${table} from stdin`)))
      if (table === 'contact') contacts = performance.now() - start
    }
    const everything = performance.now() - start
    return { contacts: contacts / 1_000, everything: everything / 1_000 }
  } finally {
    await client.query(`drop schema if exists ${fresh} cascade`)
    await client.end()
    rmSync(folder, { recursive: true, force: true })
  }
}
