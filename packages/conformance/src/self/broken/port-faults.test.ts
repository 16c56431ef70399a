import { expect, test } from 'vitest'
import { collectRun } from '../collected-run.js'
import { countedStorage } from '../counted-storage.js'
import { cuttableStorage } from '../cuttable-storage.js'
import { joinableStorage } from '../joinable-storage.js'
import { assertCaughtAlone } from './caught-fault.js'
import { costFaults } from './cost-faults.js'
import { cutFaults } from './cut-faults.js'
import { joinFaults } from './join-faults.js'

test.each([...cutFaults, ...costFaults, ...joinFaults])(
  'a storage that $title is caught',
  { timeout: 60_000 },
  (fault) => assertCaughtAlone(fault),
)

test.each([
  ['faults', cuttableStorage],
  ['costs', countedStorage],
  ['host transactions', joinableStorage],
] as const)('the cases of %s fail nothing of a storage that is sound, and skip none', async (only, rig) => {
  const { report } = await collectRun({ ...rig(), level: 'basic', seed: 20_260_301, only })
  expect(report.failed).toEqual([])
  expect(report.skipped).toEqual([])
  expect(report.passed.length).toBeGreaterThan(7)
})
