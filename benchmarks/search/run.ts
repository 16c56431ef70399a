import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { type Crm, createCrm } from '@rapport/core'
import { leastOverlap, type NewRow, type StorageAdapter, searchTerms } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'
import { postgresStorage } from '@rapport/postgres'
import MiniSearch from 'minisearch'
import pg from 'pg'
import { startServer } from '../storage/server.js'
import { type SeededCustomer, seededCustomers } from './seeded-customers.js'
import { queryKinds, type SeededQuery, seededQueries } from './seeded-queries.js'
import { contactRows, partsOf } from './seeded-rows.js'

const count = Number(process.argv[2] ?? 100_000)
const perKind = Number(process.argv[3] ?? 30)
/** On the server there are fewer of both, so that the whole takes minutes. */
const serverCount = Math.min(count, Number(process.argv[4] ?? 20_000))
const perKindOnServer = Math.min(perKind, 5)
const tenantId = 'bench'
const actor = { type: 'system', id: 'bench' } as const
const limit = 10

/** Finds the places of customers in the seeded list, best first. */
type Finder = (query: string) => Promise<readonly number[]>

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
const rounded = (value: number): number => Number(value.toPrecision(3))
const placeOf = (id: string): number => Number.parseInt(id.slice(-12), 16)

/** The figures of some times in milliseconds. */
function figures(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  return { p50Ms: rounded(quantile(sorted, 0.5)), p95Ms: rounded(quantile(sorted, 0.95)) }
}

/** Passes over all queries of which the last one counts; the others warm up. */
const passes = 4

/** Asks every finder every query in turns. */
async function compare(
  finders: Readonly<Record<string, Finder>>,
  queries: readonly SeededQuery[],
  customers: readonly SeededCustomer[],
) {
  const times = Object.fromEntries(Object.keys(finders).map((name) => [name, queries.map(() => Number.NaN)]))
  const found = Object.fromEntries(
    Object.keys(finders).map((name) => [name, new Map(queryKinds.map((kind) => [kind, 0]))]),
  )
  for (let pass = 1; pass <= passes; pass++)
    for (const [index, { kind, query, fits }] of queries.entries())
      for (const [name, find] of Object.entries(finders)) {
        const start = performance.now()
        const places = await find(query)
        times[name]![index] = performance.now() - start
        const success = places.some((place) => fits(customers[place] as SeededCustomer))
        if (pass === passes && success) found[name]!.set(kind, found[name]!.get(kind)! + 1)
      }
  return Object.fromEntries(
    Object.keys(finders).map((name) => [
      name,
      {
        ...figures(times[name]!),
        successAt10: Object.fromEntries(
          queryKinds.map((kind) => [kind, rounded((found[name]!.get(kind)! * queryKinds.length) / queries.length)]),
        ),
      },
    ]),
  )
}

function serviceFinder(crm: Crm): Finder {
  const shop = crm.session({ tenantId, actor })
  return async (query) => (await shop.contacts.search(query, { limit })).items.map(({ record }) => placeOf(record.id))
}

/** The candidates of the storage alone: what is left of a search without rights, ranking and records. */
function candidateFinder(storage: StorageAdapter): Finder {
  const session = storage.session({ tenantId })
  return async (query) => {
    const terms = searchTerms(query)
    const search = {
      entity: 'contact',
      path: 'searchTerms',
      terms,
      atLeast: leastOverlap(terms.length),
      limit: limit + 20,
    }
    return ((await session.search?.(search)) ?? []).slice(0, limit).map(({ id }) => placeOf(id))
  }
}

function miniSearchFinder(customers: readonly SeededCustomer[]): { finder: Finder; indexMs: number } {
  const start = performance.now()
  const index = new MiniSearch({
    fields: ['name', 'email', 'phone', 'externalId'],
    searchOptions: { prefix: true, fuzzy: 0.2 },
  })
  index.addAll(
    customers.map(({ firstName, lastName, ...rest }, id) => ({ id, name: `${firstName} ${lastName}`, ...rest })),
  )
  const finder: Finder = async (query) =>
    index
      .search(query)
      .slice(0, limit)
      .map(({ id }) => id as number)
  return { finder, indexMs: performance.now() - start }
}

async function loaded(storage: StorageAdapter, rows: readonly NewRow[]): Promise<Crm> {
  const crm = await createCrm({ storage })
  await storage.session({ tenantId }).load?.('contact', partsOf(rows, 1_000))
  return crm
}

const customers = seededCustomers(count)
const queries = seededQueries(customers, perKind)
const memory = memoryStorage()
await using crm = await loaded(memory, contactRows(customers))
const shop = crm.session({ tenantId, actor })
globalThis.gc?.()
const before = process.memoryUsage()
const start = performance.now()
const run = await shop.runs.wait((await shop.searchIndex.rebuild(['contact'])).id)
const rebuildMs = performance.now() - start
if (run.status !== 'done') throw new Error(`The rebuild ended as ${run.status}`)
globalThis.gc?.()
const after = process.memoryUsage()
const indexMiB = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 2 ** 20

const mini = miniSearchFinder(customers)
const inMemory = await compare(
  { service: serviceFinder(crm), candidates: candidateFinder(memory), minisearch: mini.finder },
  queries,
  customers,
)
// Without a neighbour that clears the caches of the processor and leaves garbage behind.
const { service: alone } = await compare({ service: serviceFinder(crm) }, queries, customers)

const server = await startServer()
try {
  const stored: NewRow[] = []
  const session = memory.session({ tenantId })
  const onServerCustomers = customers.slice(0, serverCount)
  for (const part of partsOf(contactRows(onServerCustomers), 1_000))
    for (const row of await session.getMany(
      'contact',
      part.map(({ id }) => id),
    ))
      if (row) stored.push(row)
  const postgres = postgresStorage({ connectionString: server.connectionString, migrate: 'auto' })
  await using onPostgres = await loaded(postgres, stored)
  const client = new pg.Client({ connectionString: server.connectionString })
  await client.connect()
  await client.query('create extension if not exists pg_trgm')
  await client.query('create table peer (id text primary key, words text not null)')
  for (const part of partsOf(stored, 1_000)) {
    const words = part.map((row) =>
      [row.fullName, row.primaryEmail, row.primaryPhone, JSON.stringify(row.externalRefs)].join(' '),
    )
    await client.query('insert into peer select * from unnest($1::text[], $2::text[])', [
      part.map(({ id }) => id),
      words,
    ])
  }
  await client.query('create index on peer using gin (words gin_trgm_ops)')
  await client.query('vacuum analyze')
  const ilike: Finder = async (query) => {
    const { rows } = await client.query<{ id: string }>({
      name: 'peer',
      text: 'select id from peer where words ilike $1 order by id limit 10',
      values: [`%${query}%`],
    })
    return rows.map(({ id }) => placeOf(id))
  }
  const serverQueries = seededQueries(onServerCustomers, perKindOnServer)
  const onServer = await compare({ service: serviceFinder(onPostgres), ilike }, serverQueries, onServerCustomers)
  await client.end()
  const result = {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
    customers: count,
    queries: queries.length,
    rebuildMs: rounded(rebuildMs),
    indexMiB: rounded(indexMiB),
    minisearchIndexMs: rounded(mini.indexMs),
    inMemory,
    serviceAlone: { p50Ms: alone!.p50Ms, p95Ms: alone!.p95Ms },
    minisearchOverService: rounded(inMemory.minisearch!.p50Ms / inMemory.service!.p50Ms),
    onServerCustomers: serverCount,
    onServerQueries: serverQueries.length,
    onServer,
    ilikeOverService: rounded(onServer.ilike!.p50Ms / onServer.service!.p50Ms),
  }
  const folder = new URL('results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    new URL(`${new Date().toISOString().slice(0, 10)}.json`, folder),
    `${JSON.stringify(result, undefined, 2)}\n`,
  )
  console.log(JSON.stringify(result, undefined, 2))
} finally {
  await server.stop()
}
