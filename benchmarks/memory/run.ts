import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { EntityDef, Filter, Query, Row, StorageSession } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'
import { plainTopK } from './plain-top-k.js'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '21' },
    commit: { type: 'string' },
  },
})
const rowCount = Number(options.rows)
const rounds = Number(options.rounds)

const fields: EntityDef['fields'] = {
  stage: { type: 'text', required: true },
  score: { type: 'float', required: true },
  updatedAt: { type: 'instant', required: true },
}
const scanned: EntityDef = { name: 'scanned', fields, indexes: [] }
const indexed: EntityDef = {
  name: 'indexed',
  fields,
  indexes: [{ name: 'stage_updated', on: ['stage', '-updatedAt'] }],
}

/** Numerical Recipes' 32-bit generator: the same rows on every machine. */
function* randomIntegers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state
  }
}

function makeRows(): Row[] {
  const random = randomIntegers(7)
  const next = (below: number): number => Math.floor((random.next().value / 2 ** 32) * below)
  return Array.from({ length: rowCount }, (_, index) => ({
    id: `r${String(index).padStart(8, '0')}`,
    version: 1,
    stage: `stage-${next(8)}`,
    score: next(1_000),
    updatedAt: new Date(Date.UTC(2026, 0, 1) + next(31_536_000) * 1_000).toISOString(),
  }))
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const stage: Filter = { op: 'eq', path: 'stage', value: 'stage-3' }
const filtered = {
  where: { op: 'and', args: [stage, { op: 'gte', path: 'score', value: 100 }] },
  order: ['-updatedAt', '-id'],
  limit: 50,
} as const
const byIndex = { where: stage, order: ['-updatedAt', '-id'], limit: 50 } as const

const storage = memoryStorage()
await storage.open()
await storage.apply(await storage.plan([scanned, indexed]))
const session: StorageSession = storage.session({ tenantId: 'bench' })
const rows = makeRows()

async function* inBatches(): AsyncGenerator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += 10_000) yield rows.slice(start, start + 10_000)
}

const loadMs: Record<string, number> = {}
for (const { name } of [scanned, indexed]) loadMs[name] = await timed(() => session.load?.(name, inBatches()))

const page = (entity: string, query: Omit<Query, 'entity'>) => session.find({ entity, ...query })
const expected = plainTopK(rows, 50).map(({ id }) => id)
for (const name of ['scanned', 'indexed']) {
  const found = (await page(name, filtered)).rows.map(({ id }) => id)
  if (found.join() !== expected.join()) throw new Error(`${name} found other rows than the plain loop`)
}

const times: Record<'plain' | 'scan' | 'indexedPage' | 'deepPage', number[]> = {
  plain: [],
  scan: [],
  indexedPage: [],
  deepPage: [],
}
const after = ['2026-06-30T00:00:00.000Z', '']
for (let round = 0; round < rounds; round++) {
  times.plain.push(await timed(() => plainTopK(rows, 50)))
  times.scan.push(await timed(() => page('scanned', filtered)))
}
for (let round = 0; round < 50 * rounds; round++) {
  times.indexedPage.push(await timed(() => page('indexed', byIndex)))
  times.deepPage.push(await timed(() => page('indexed', { ...byIndex, after })))
}

const plainMs = median(times.plain)
const result = {
  date: new Date().toISOString().slice(0, 10),
  ...(options.commit && { commit: options.commit }),
  machine: `${cpus().length} cores, Node ${process.versions.node}`,
  rows: rowCount,
  rounds,
  plainTopKMs: plainMs,
  scanMs: median(times.scan),
  scanRatio: median(times.scan) / plainMs,
  indexedPageMs: median(times.indexedPage),
  deepIndexedPageMs: median(times.deepPage),
  loadRowsPerSecond: Object.fromEntries(
    Object.entries(loadMs).map(([name, ms]) => [name, Math.round((rowCount / ms) * 1_000)]),
  ),
}
console.log(JSON.stringify(result, null, 2))
if (options.commit) {
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  await writeFile(new URL(`${result.date}-${options.commit}.json`, folder), `${JSON.stringify(result, null, 2)}\n`)
}
