import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createCrm, crmDefinitions, migrate } from '@rapport/core'
import pg from 'pg'
import { afterAll, expect, inject, test } from 'vitest'
import { pgDriver } from '../pg-driver.js'
import { postgresStorage } from '../postgres-storage.js'
import { profileOf } from '../profile/profile.js'
import { quoteIdentifier } from '../sql-identifier.js'
import { type Catalogue, readCatalogue } from './catalogue.js'

/** Schemas as released versions made them. A release adds a line; the lines that are there never change. */
const released = [
  { version: '0.1.0', sha256: '9b5cabf7518ffb17965d48213ca9f449557f5963734efdf8e600085909b4640f' },
] as const

const pool = new pg.Pool({ connectionString: inject('postgresUrl') })
afterAll(() => pool.end())

const fileOf = (version: string): URL => new URL(`released/${version}.sql`, import.meta.url)
const at = '2026-03-01T10:00:00.123Z'

/** A value for a column of a type, different in each row. */
function sampleValue(type: string, column: string, n: number): unknown {
  switch (type) {
    case 'text':
      return `${column} ${n}`
    case 'bigint':
      return n + 1
    case 'double precision':
      return n + 0.25
    case 'boolean':
      return n % 2 === 0
    case 'text[]':
      return [`${column}-${n}`, 'both']
    case 'jsonb':
      return JSON.stringify({ [column]: n, deep: { list: [1, 'two', null] } })
    default:
      return at
  }
}

/** Three rows of two tenants in every table that belongs to an entity, with a value in every column. */
async function fillTables(schema: string, { tables }: Catalogue): Promise<void> {
  for (const [table, { columns }] of tables) {
    if (!columns.has('tenant_id') || table === 'change') continue
    for (const [n, tenant] of ['acme', 'acme', 'globex'].entries()) {
      const values = [...columns].map(([name, { type }]) =>
        name === 'tenant_id' ? tenant : name === 'id' ? `row ${n}` : sampleValue(type, name, n),
      )
      const names = [...columns.keys()].map(quoteIdentifier)
      const places = values.map((_, index) => `$${index + 1}`)
      await pool.query(
        `insert into ${quoteIdentifier(schema)}.${quoteIdentifier(table)} (${names.join(', ')}) values (${places.join(', ')})`,
        values,
      )
    }
  }
}

/** What the columns of a catalogue hold, by table. */
async function contentOf(schema: string, { tables }: Catalogue): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {}
  for (const [table, { columns }] of tables) {
    if (!columns.has('tenant_id')) continue
    const names = [...columns.keys()].map(quoteIdentifier).join(', ')
    const { rows } = await pool.query(
      `select ${names} from ${quoteIdentifier(schema)}.${quoteIdentifier(table)} order by 1, 2`,
    )
    content[table] = rows
  }
  return content
}

test.each(released)('the schema released with $version is kept as it was', ({ version, sha256 }) => {
  expect(
    createHash('sha256')
      .update(readFileSync(fileOf(version)))
      .digest('hex'),
  ).toBe(sha256)
})

test.each(released)(
  'a schema of $version with data in it becomes the present one, and keeps every value',
  async ({ version }) => {
    const schema = `released_${version.replaceAll('.', '_')}`
    const options = { connectionString: inject('postgresUrl'), schema }
    await pool.query(readFileSync(fileOf(version), 'utf8').replaceAll('"rapport"', quoteIdentifier(schema)))
    const driver = pgDriver(pool)
    const before = await readCatalogue(driver, schema, profileOf('pglite'))
    await fillTables(schema, before)
    const content = await contentOf(schema, before)
    expect(Object.keys(content).length).toBeGreaterThan(15)

    await expect(createCrm({ storage: postgresStorage(options) })).rejects.toMatchObject({
      details: { reason: 'schema_behind' },
    })
    const plan = await migrate(postgresStorage(options))
    expect(plan.steps.some(({ destructive }) => destructive)).toBe(false)
    expect(await contentOf(schema, before)).toEqual(content)

    const fresh = `${schema}_fresh`
    await migrate(postgresStorage({ ...options, schema: fresh }))
    const upgraded = await readCatalogue(driver, schema, profileOf('pglite'))
    const made = await readCatalogue(driver, fresh, profileOf('pglite'))
    for (const [table, { columns, indexes }] of made.tables) {
      const own = upgraded.tables.get(table)
      expect([...(own?.columns.keys() ?? [])], table).toEqual(expect.arrayContaining([...columns.keys()]))
      // A required field that came later may be missing in older rows, so indexes on it differ in their fingerprints.
      const declared = (names: ReadonlySet<string>): string[] =>
        [...names].map((name) => name.replace(/_[0-9a-f]{8}$/, '')).sort()
      expect(declared(own?.indexes ?? new Set()), table).toEqual(declared(indexes))
    }

    await using crm = await createCrm({ storage: postgresStorage(options) })
    const acme = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
    const contact = await acme.contacts.create({ firstName: 'Ada', lastName: 'King' })
    expect((await acme.contacts.get(contact.id)).lastName).toBe('King')
    const storage = postgresStorage(options)
    await storage.open()
    expect((await storage.plan(crmDefinitions())).steps).toEqual([])
    const [stored] = await storage.session({ tenantId: 'globex' }).getMany('contact', ['row 2'])
    expect(stored).toMatchObject({
      firstName: 'first_name 2',
      version: 3,
      createdAt: at,
      tags: ['tags-2', 'both'],
      custom: { custom: 2 },
    })
    await storage.close()
  },
)
