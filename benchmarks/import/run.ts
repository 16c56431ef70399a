import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { createCrm, type Run } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import { startServer } from '../storage/server.js'
import { copiedContacts, peopleCsv } from './invented-people.js'

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, url: { type: 'string' } },
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

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return Math.round(performance.now() - start) / 1_000
}

const server = options.url === undefined ? await startServer() : undefined
try {
  const connectionString = options.url ?? (server?.connectionString as string)
  const storage = postgresStorage({ connectionString, schema: `import_${Date.now()}`, migrate: 'auto' })
  await using crm = await createCrm({ storage })
  const shop = crm.session({ tenantId: 'imported', actor: { type: 'system', id: 'bench' } })

  const imported = async (): Promise<{ run: Run; stagingSeconds: number; seconds: number }> => {
    const start = performance.now()
    const started = await shop.imports.start({
      file: peopleCsv(rows),
      object: 'contact',
      mapping,
      matchOn: 'externalRef',
    })
    const stagingSeconds = Math.round(performance.now() - start) / 1_000
    const run = await shop.runs.wait(started.id)
    if (run.status !== 'done') throw new Error(`The import ended as ${run.status}: ${run.error?.message}`)
    return { run, stagingSeconds, seconds: Math.round(performance.now() - start) / 1_000 }
  }
  const first = await imported()
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1_024)
  const again = await imported()
  const undoSeconds = await seconds(async () => shop.runs.wait((await shop.imports.undo(first.run.id)).id))

  const bare = storage.session({ tenantId: 'copied' })
  const copySeconds = await seconds(async () => bare.load?.('contact', copiedContacts(rows)))
  const figures = {
    rows,
    copySeconds,
    copyRowsPerSecond: Math.round(rows / copySeconds),
    importSeconds: first.seconds,
    ofThisReadingSeconds: first.stagingSeconds,
    importRowsPerSecond: Math.round(rows / first.seconds),
    shareOfCopy: Math.round((copySeconds / first.seconds) * 1e3) / 1e3,
    peakMiB,
    counts: first.run.counts,
    againSeconds: again.seconds,
    againCounts: again.run.counts,
    undoSeconds,
  }
  console.log(figures)
  const date = new Date().toISOString().slice(0, 10)
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version }
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const result = { date, commit, machine, figures }
  writeFileSync(new URL(`${date}-${rows}.json`, folder), `${JSON.stringify(result, undefined, 2)}\n`)
} finally {
  await server?.stop()
}
