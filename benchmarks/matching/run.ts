import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { matchRecords } from '@rapport/core/matching'
import { seededPeople } from './seeded-people.js'

const { values: options } = parseArgs({ options: { records: { type: 'string', default: '100000,1000000' } } })

const figures = options.records.split(',').map((text) => {
  const count = Number(text)
  const { records, entityOf } = seededPeople(count, 7)
  const start = performance.now()
  const { pairs, clusters } = matchRecords(records, {
    fields: { name: 'personName', email: 'email', phone: 'phone', company: 'companyName', city: 'text' },
    threshold: 0.95,
  })
  const seconds = (performance.now() - start) / 1_000
  const sizes = new Map<number, number>()
  for (const entity of entityOf) sizes.set(entity, (sizes.get(entity) ?? 0) + 1)
  const truth = [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
  const right = pairs.filter(({ a, b }) => entityOf[a as number] === entityOf[b as number]).length
  return {
    records: count,
    seconds: Math.round(seconds * 10) / 10,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024),
    pairs: pairs.length,
    clusters: clusters.length,
    precision: Math.round((right / pairs.length) * 1e4) / 1e4,
    recall: Math.round((right / truth) * 1e4) / 1e4,
  }
})
console.table(figures)
const date = new Date().toISOString().slice(0, 10)
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version }
const folder = new URL('./results/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL(`${date}.json`, folder), `${JSON.stringify({ date, commit, machine, figures }, undefined, 2)}\n`)
