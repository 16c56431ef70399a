import { describe, expect, test } from 'vitest'
import { collectRun } from '../collected-run.js'
import type { Fault } from './fault.js'

/** Registers one test for each fault: the kit catches it in the cases it names, and goes on passing elsewhere. */
export function testFaults(faults: readonly Fault[]): void {
  describe('a storage that', () => {
    test.each(faults)('$title is caught by the right cases', { timeout: 60_000 }, async ({ create, caughtBy }) => {
      const { report } = await collectRun({ create, level: 'basic', seed: 20_260_301 })
      const failing = report.failed.map(({ name }) => name)
      expect(failing).toEqual(expect.arrayContaining([...caughtBy]))
      expect(failing.length).toBeLessThanOrEqual(report.passed.length * 0.15)
    })
  })
}
