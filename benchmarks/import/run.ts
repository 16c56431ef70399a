import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { createCrm, type Run } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import { startServer } from '../storage/server.js'
import { copyRowsOf } from './copy-peer.js'
import { peopleCsv } from './invented-people.js'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
    url: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const rows = Number(options.rows)
const mapping = {
  No: { field: 'externalRef', item: { system: 'shop' } },
  First: 'firstName',
  Last: 'lastName',
  Mail: 'email',
  Phone: 'phone',
  Tag: 'tags',
  City: 'leadSource',
} as const

const rounded = (value: number): number => Math.round(value * 1e3) / 1e3

async function round(connectionString: string, number: number) {
  const schema = `import_${Date.now()}_${number}`
  const storage = postgresStorage({ connectionString, schema, migrate: 'auto' })
  await using crm = await createCrm({ storage })
  const shop = crm.session({ tenantId: 'imported', actor: { type: 'system', id: 'bench' } })
  const timed = async (work: () => Promise<Run>): Promise<{ run: Run; seconds: number }> => {
    const start = performance.now()
    const run = await shop.runs.wait((await work()).id)
    if (run.status !== 'done') throw new Error(`The run ended as ${run.status}: ${run.error?.message}`)
    return { run, seconds: (performance.now() - start) / 1_000 }
  }
  let stagingSeconds = 0
  const importAll = () =>
    timed(async () => {
      const start = performance.now()
      const run = await shop.imports.start({
        file: peopleCsv(rows),
        object: 'contact',
        mapping,
        matchOn: 'externalRef',
      })
      stagingSeconds = (performance.now() - start) / 1_000
      return run
    })
  const load = loadavg()[0] as number
  const used = process.cpuUsage()
  const first = await importAll()
  const { user, system } = process.cpuUsage(used)
  const importStagingSeconds = stagingSeconds
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1_024)
  const copy = await copyRowsOf(connectionString, schema)
  const more = options.quick
    ? {}
    : {
        againSeconds: rounded((await importAll()).seconds),
        undoSeconds: rounded((await timed(() => shop.imports.undo(first.run.id))).seconds),
      }
  return {
    loadAverage: rounded(load),
    importSeconds: rounded(first.seconds),
    ofThisReadingSeconds: rounded(importStagingSeconds),
    ofThisOwnCpuSeconds: rounded((user + system) / 1e6),
    rowsPerSecond: Math.round(rows / first.seconds),
    copyContactsSeconds: rounded(copy.contacts),
    copyEverythingSeconds: rounded(copy.everything),
    shareOfCopyingContacts: rounded(copy.contacts / first.seconds),
    shareOfCopyingEverything: rounded(copy.everything / first.seconds),
    peakMiB,
    ...more,
  }
}

const server = options.url === undefined ? await startServer() : undefined
try {
  const connectionString = options.url ?? (server?.connectionString as string)
  const rounds = []
  for (let number = 1; number <= Number(options.rounds); number++) {
    rounds.push(await round(connectionString, number))
    console.log(rounds.at(-1))
  }
  if (!options.quick) {
    const date = new Date().toISOString().slice(0, 10)
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
    const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version }
    const folder = new URL('./results/', import.meta.url)
    mkdirSync(folder, { recursive: true })
    const result = { date, commit, machine, rows, rounds }
    writeFileSync(new URL(`${date}-${rows}.json`, folder), `${JSON.stringify(result, undefined, 2)}\n`)
  }
} finally {
  await server?.stop()
}
