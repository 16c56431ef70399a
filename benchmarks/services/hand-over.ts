import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { createCrm } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { startServer } from '../storage/server.js'

const contacts = Number(process.argv[2] ?? 100_000)
const batchSize = 1_000
const rounds = Number(process.argv[3] ?? 3)
const [tenantId, schema] = ['bench', 'rapport']
const actor = { type: 'user', id: 'lead' } as const

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const server = await startServer()
const client = new pg.Client({ connectionString: server.connectionString })
await client.connect()
try {
  const storage = postgresStorage({ connectionString: server.connectionString, schema, migrate: 'auto' })
  await using crm = await createCrm({ storage })
  const session = crm.session({ tenantId, actor })
  for (let start = 0; start < contacts; start += batchSize) {
    const inputs = Array.from({ length: Math.min(batchSize, contacts - start) }, (_, index) => ({
      externalRef: { system: 'bench', externalId: `${start + index}` },
      firstName: 'Ada',
      lastName: `King ${start + index}`,
      ownerId: 'a',
    }))
    await session.contacts.upsertMany(inputs)
  }
  // The peer: the same table with the same indexes, and a table of audit rows.
  const source = `"${schema}"."contact"`
  await client.query(`create table peer (like ${source} including defaults including indexes)`)
  await client.query(`insert into peer select * from ${source}`)
  await client.query(
    'create table peer_audit (id uuid primary key default gen_random_uuid(), record_id text not null, at timestamptz not null default now(), actor text not null, before text, after text)',
  )
  await client.query('create index on peer_audit (record_id, at)')
  await client.query('vacuum analyze')

  const byUs = async (from: string, to: string): Promise<void> => {
    const { id } = await session.ownership.handOver({ from, to, entities: ['contact'] })
    const run = await session.runs.wait(id)
    if ((run.result?.moved as { contact?: number } | undefined)?.contact !== contacts) throw new Error('Not all moved')
  }
  const byHand = async (from: string, to: string): Promise<void> => {
    const update = `with batch as (
        select id, created_at from peer
        where tenant_id = $1 and owner_id = $2 and deleted_at is null and (created_at, id) < ($4::timestamptz, $5)
        order by created_at desc, id desc limit ${batchSize} for update),
      moved as (
        update peer set owner_id = $3, version = version + 1 from batch
        where peer.tenant_id = $1 and peer.id = batch.id returning peer.id),
      audited as (
        insert into peer_audit (record_id, actor, before, after) select id, 'lead', $2, $3 from moved returning 1)
      select (select count(*)::int from audited) as count, created_at::text as at, id
      from batch order by created_at, id limit 1`
    let moved = 0
    let place = { count: 0, at: 'infinity', id: '' } as { count: number; at: string; id: string } | undefined
    while (place) {
      const { rows } = await client.query<NonNullable<typeof place>>(update, [tenantId, from, to, place.at, place.id])
      place = rows[0]
      moved += place?.count ?? 0
    }
    if (moved !== contacts) throw new Error('Not all moved')
  }

  const times: { readonly peerMs: number; readonly ourMs: number }[] = []
  for (let round = 0; round <= rounds; round++) {
    const [from, to] = round % 2 === 0 ? ['a', 'b'] : ['b', 'a']
    const measured = {
      peerMs: await timed(() => byHand(from as string, to as string)),
      ourMs: await timed(() => byUs(from as string, to as string)),
    }
    // The first round warms up.
    if (round > 0) times.push(measured)
    console.log(round, measured)
  }
  const figure = {
    task: `ownership.handOver of ${contacts} contacts over batches of update and audit insert in SQL`,
    firstMs: median(times.map(({ peerMs }) => peerMs)),
    secondMs: median(times.map(({ ourMs }) => ourMs)),
    ratio: median(times.map(({ peerMs, ourMs }) => ourMs / peerMs)),
  }
  console.table([figure])
  const date = new Date().toISOString().slice(0, 10)
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version }
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    new URL(`${date}-hand-over.json`, folder),
    `${JSON.stringify({ date, commit, machine, figures: [figure] }, undefined, 2)}\n`,
  )
} finally {
  await client.end()
  await server.stop()
}
