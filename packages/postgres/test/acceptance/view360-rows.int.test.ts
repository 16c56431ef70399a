import { createCrm } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { staff } from './crm-on-every-storage.fixture.js'

const entries = 10_000

async function* inBatches<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < rows.length; start += 1_000) yield rows.slice(start, start + 1_000)
}

test('view360 of a contact with 10,000 entries reads a bounded number of rows on PostgreSQL', async () => {
  const connectionString = inject('postgresUrl')
  const schema = 'acceptance_view360_rows'
  const storage = postgresStorage({ connectionString, schema, migrate: 'auto' })
  const crm = await createCrm({ storage })
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const tenantId = 'acme'
    const shop = crm.session({ tenantId, actor: staff })
    const { id } = await shop.contacts.create({ firstName: 'Ada' })
    const works = await shop.companies.create({ name: 'Works' })
    await shop.contacts.addRole(id, { companyId: works.id })
    const rows = Array.from({ length: entries }, (_, index) => ({
      id: `entry-${index}`,
      version: 1,
      updatedAt: '2026-03-01T10:00:00.000Z',
      subjectType: 'contact',
      subjectId: id,
      at: new Date(Date.UTC(2020, 0, 1) + index * 3_600_000).toISOString(),
      recordType: 'activity',
      recordId: `a-${index}`,
      title: `Call ${index}`,
      visibility: 'tenant',
    }))
    await storage.session({ tenantId }).load?.('timelineEntry', inBatches(rows))
    await client.query('begin')
    const view = await crm.session({ tenantId, actor: staff, transaction: client }).contacts.view360(id)
    // Of this transaction alone: rows that scans of tables returned, and rows fetched through indexes.
    const { rows: counted } = await client.query(
      `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int as read
         from pg_stat_xact_user_tables where schemaname = $1`,
      [schema],
    )
    await client.query('rollback')
    expect(view.timeline.items).toHaveLength(50)
    expect(view.companies).toHaveLength(1)
    // A page of 50 lines and one to tell whether there are more; all else of this contact is a handful.
    expect(counted[0].read).toBeGreaterThan(50)
    expect(counted[0].read).toBeLessThan(100)
  } finally {
    await client.end()
    await crm.close()
  }
})
