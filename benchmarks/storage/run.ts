import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import type { NewRow, StorageAdapter } from '@rapport/core/storage'
import { pgliteStorage, postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Contestant, tenantId } from './contestant.js'
import { type Figure, measure } from './measure.js'
import { rapportContestant } from './rapport-contestant.js'
import { type RawCopy, rawContestant } from './raw-contestant.js'
import { startServer } from './server.js'
import { contact, contactRow } from './specimen-contact.js'
import { type Extent, storageTasks, storedPrefix } from './tasks.js'

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const full: Extent = { stored: 200_000, operations: 200, rounds: 14, batchRounds: 10 }
const quick: Extent = { stored: 20_000, operations: 100, rounds: 4, batchRounds: 3 }
const extent = flags.quick ? quick : full

async function fill(storage: StorageAdapter, stored: number): Promise<void> {
  await storage.open()
  await storage.apply(await storage.plan([contact]))
  function* batches(): Generator<NewRow[]> {
    for (let start = 0; start < stored; start += 5_000) {
      yield Array.from({ length: Math.min(5_000, stored - start) }, (_, index) =>
        contactRow(storedPrefix, start + index),
      )
    }
  }
  await storage.session({ tenantId }).load?.(contact.name, batches())
}

/** Tables for the raw contestants: columns, indexes and rows as ours has them. */
function copiesOf(tables: readonly string[]): string[] {
  return [
    ...tables.map((table) => `create table ${table} (like rapport.contact including all)`),
    ...tables.map((table) => `insert into ${table} select * from rapport.contact order by tenant_id, id`),
  ]
}

async function runAll(contestants: readonly Contestant[], work: Extent): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const task of storageTasks(work)) {
    const found = await measure(task, contestants)
    console.table(
      found.map(({ task: name, contestant, medianMs, perSecond, ratioTo }) => ({
        name,
        contestant,
        medianMs,
        perSecond,
        ...ratioTo,
      })),
    )
    figures.push(...found)
  }
  for (const contestant of contestants) await contestant.close()
  return figures
}

/** COPY as `pg-copy-streams` documents it. */
function copyThrough(pool: pg.Pool): RawCopy {
  return async (text, chunks) => {
    const client = await pool.connect()
    try {
      await pipeline(Readable.from(chunks, { objectMode: false }), client.query(copyFrom(text)))
    } finally {
      client.release()
    }
  }
}

/** One connection; it may end before the pool does, when the server stops. */
function openPool(connectionString: string): pg.Pool {
  return new pg.Pool({ connectionString, max: 1 }).on('error', () => {})
}

async function onServer(): Promise<Figure[]> {
  const server = await startServer()
  try {
    const { connectionString } = server
    const operator = postgresStorage({ connectionString })
    await fill(operator, extent.stored)
    await operator.close()
    const pool = openPool(connectionString)
    const storage = postgresStorage({ pool })
    await storage.open()
    await storage.plan([contact])
    const rawPool = openPool(connectionString)
    for (const text of copiesOf(['raw_unnamed', 'raw_named', 'raw_fed'])) await rawPool.query(text)
    await rawPool.query('create table raw_feed (like rapport.change including all)')
    await rawPool.query('vacuum analyze')
    const namedPool = openPool(connectionString)
    const fedPool = openPool(connectionString)
    return await runAll(
      [
        rawContestant(
          'raw pg',
          { table: 'raw_unnamed' },
          async (_, text, values) => (await rawPool.query(text, values)).rows,
          copyThrough(rawPool),
          () => rawPool.end(),
        ),
        rawContestant(
          'raw pg named',
          { table: 'raw_named' },
          async (name, text, values) => (await namedPool.query({ name, text, values })).rows,
          copyThrough(namedPool),
          () => namedPool.end(),
        ),
        rawContestant(
          'raw pg named, fed',
          { table: 'raw_fed', feed: 'raw_feed' },
          async (name, text, values) => (await fedPool.query({ name, text, values })).rows,
          copyThrough(fedPool),
          () => fedPool.end(),
        ),
        {
          ...rapportContestant('rapport on pg', storage),
          async close() {
            await storage.close()
            await pool.end()
          },
        },
      ],
      extent,
    )
  } finally {
    await server.stop()
  }
}

async function onPGlite(): Promise<Figure[]> {
  // Two instances, since ours takes one for itself; both are filled by us and hold the same table.
  const pglite = await PGlite.create()
  const storage = pgliteStorage()
  await fill(storage, extent.stored)
  await fill(pgliteStorage({ pglite }), extent.stored)
  const raw = rawContestant(
    'raw PGlite',
    { table: 'rapport.contact' },
    async (_, text, values) => (await pglite.query(text, values)).rows,
    async (text, chunks) => {
      const blob = new Blob([...chunks])
      await pglite.query(text.replace('from stdin', "from '/dev/blob'"), [], { blob })
    },
    () => pglite.close(),
  )
  return runAll([raw, rapportContestant('rapport on PGlite', storage)], {
    ...extent,
    operations: extent.operations / 2,
    rounds: Math.ceil(extent.rounds / 2),
    batchRounds: Math.ceil(extent.batchRounds / 2),
  })
}

const figures = [...(await onServer()), ...(await onPGlite())]
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const date = new Date().toISOString().slice(0, 10)
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  platform: process.platform,
}
if (!flags.quick) {
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    new URL(`${date}.json`, folder),
    `${JSON.stringify({ date, commit, machine, extent, figures }, undefined, 2)}\n`,
  )
}
