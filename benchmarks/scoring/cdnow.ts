import { readFileSync } from 'node:fs'
import type { CustomerSummary } from '@rapport/core/scoring'

const SAMPLE = new URL('../../packages/core/src/scoring/reference-data/cdnow-sample-weeks.csv', import.meta.url)

/** The 2,357 customers of the CDNOW sample, time in weeks. */
export function readCdnow(): CustomerSummary {
  const [header = '', ...lines] = readFileSync(SAMPLE, 'utf8').trim().split('\n')
  const names = header.split(',')
  const column = (name: string, divisor: number): Float64Array =>
    Float64Array.from(lines, (line) => Number(line.split(',')[names.indexOf(name)]) / divisor)
  return {
    frequency: column('x', 1),
    recency: column('t_x_days', 7),
    age: column('T_days', 7),
    monetaryValue: column('m_x', 1),
  }
}
