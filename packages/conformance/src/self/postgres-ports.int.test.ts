import { afterAll, expect, inject, test } from 'vitest'
import { collectRun } from './collected-run.js'
import { countedPostgres } from './postgres-way.fixture.js'

const { close, ...rig } = countedPostgres(inject('postgresUrl'), 'conformance_ports')

afterAll(close)

test.each(['costs', 'host transactions', 'faults'])(
  'PostgreSQL with a counter, cuts and transactions of its host passes: %s',
  async (only) => {
    const { report } = await collectRun({ ...rig, level: 'basic', only })
    expect(report.failed).toEqual([])
    expect(report.skipped).toEqual([])
    expect(report.passed.length).toBeGreaterThan(7)
  },
)
