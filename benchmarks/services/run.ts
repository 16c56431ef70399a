import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { createCrm, type NewContact } from '@rapport/core'
import { memoryStorage } from '@rapport/core/storage/memory'
import { postgresStorage } from '@rapport/postgres'
import { startServer } from '../storage/server.js'
import { recordWrites } from './recorded-writes.js'

const rounds = 14
const perRound = 200
const scope = { tenantId: 'bench' }
const actor = { type: 'user', id: 'u_1' } as const

const person = (index: number): NewContact => ({
  firstName: 'Ada',
  lastName: `King ${index}`,
  emails: [{ address: `ada.${index}@example.com` }],
})

/** The batches that creating these people writes, as they would be sent. */
async function batchesOf(people: readonly NewContact[]) {
  const storage = memoryStorage()
  const batches = recordWrites(storage)
  await using crm = await createCrm({ storage })
  const session = crm.session({ ...scope, actor })
  for (const one of people) await session.contacts.create(one)
  // With the first contact a tenant gets its key, in a batch of its own.
  return batches.filter((batch) => batch.some(({ entity }) => entity === 'contact'))
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Median milliseconds of each way, and the median over rounds of second over first. */
async function compare(first: (turn: number) => Promise<unknown>, second: (turn: number) => Promise<unknown>) {
  const ways = [first, second]
  const all: number[][] = [[], []]
  const ratios: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const medians = [0, 0]
    for (const place of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const times: number[] = []
      for (let turn = 0; turn < perRound; turn++) {
        const start = performance.now()
        await ways[place]!(round * perRound + turn)
        times.push(performance.now() - start)
      }
      medians[place] = median(times)
      // The first round warms up.
      if (round > 0) all[place]!.push(...times)
    }
    if (round > 0) ratios.push(medians[1]! / medians[0]!)
  }
  return { firstMs: median(all[0]!), secondMs: median(all[1]!), ratio: median(ratios) }
}

const total = (rounds + 1) * perRound
const written = await batchesOf(Array.from({ length: total }, (_, index) => person(index)))
const server = await startServer()
try {
  const storage = postgresStorage({ connectionString: server.connectionString, migrate: 'auto' })
  await using crm = await createCrm({ storage })
  const session = crm.session({ ...scope, actor })
  const direct = storage.session(scope)
  const ids = written.map(
    (batch) => (batch.find(({ entity }) => entity === 'contact') as { row: { id: string } }).row.id,
  )
  const create = await compare(
    (turn) => direct.write(written[turn]!),
    (turn) => session.contacts.create(person(total + turn)),
  )
  const get = await compare(
    (turn) => direct.getMany('contact', [ids[turn]!]),
    (turn) => session.contacts.get(ids[turn]!),
  )
  const figures = [
    { task: 'contacts.create over writing the same batch', limit: 1.5, ...create },
    { task: 'contacts.get over getMany', limit: 1.3, ...get },
  ]
  console.table(figures)
  const date = new Date().toISOString().slice(0, 10)
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version }
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    new URL(`${date}.json`, folder),
    `${JSON.stringify({ date, commit, machine, figures }, undefined, 2)}\n`,
  )
} finally {
  await server.stop()
}
