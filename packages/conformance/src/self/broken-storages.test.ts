import { describe, expect, test } from 'vitest'
import { filterFaults } from './broken/filter-faults.js'
import { pagingFaults } from './broken/paging-faults.js'
import { sessionFaults } from './broken/session-faults.js'
import { writeFaults } from './broken/write-faults.js'
import { collectRun } from './collected-run.js'

const faults = [...filterFaults, ...pagingFaults, ...writeFaults, ...sessionFaults]

describe('a storage that', () => {
  test.each(faults)('$title is caught by the right cases', { timeout: 30_000 }, async ({ create, caughtBy }) => {
    const { report } = await collectRun({ create, level: 'basic', seed: 20_260_301 })
    const failing = report.failed.map(({ name }) => name)
    expect(failing).toEqual(expect.arrayContaining([...caughtBy]))
    // A fault shows where it belongs: the rest of the kit goes on passing.
    expect(failing.length).toBeLessThanOrEqual(report.passed.length * 0.15)
  })

  test('is sound fails nothing, with the same seed and level', async () => {
    const { wrappedStorage } = await import('./broken/wrapped-storage.js')
    const { report } = await collectRun({ create: () => wrappedStorage({}), level: 'basic', seed: 20_260_301 })
    expect(report.failed).toEqual([])
    expect(report.passed.length).toBeGreaterThan(190)
  })
})
