import { assert, assertEqual } from '../../assertion.js'
import type { ConformanceReport } from '../../conformance-report.js'
import { collectRun } from '../collected-run.js'
import type { Fault, RiggedFault } from './fault.js'

const seed = 20_260_301

/** Fails unless the kit catches a fault in every case the fault names, and goes on passing elsewhere. */
export async function assertCaught({ create, caughtBy }: Fault): Promise<void> {
  const { report } = await collectRun({ create, level: 'basic', seed })
  const failing = assertFailing(report, caughtBy)
  const share = failing.length / report.passed.length
  assert(share <= 0.15, `the fault shows in ${failing.length} cases, far from where it belongs: ${failing.join('; ')}`)
}

/** Fails unless each case that a fault names, run alone, catches it. */
export async function assertCaughtAlone(fault: Fault | RiggedFault): Promise<void> {
  for (const only of fault.caughtBy) {
    const rig = 'rig' in fault ? fault.rig() : { create: fault.create }
    const { report } = await collectRun({ ...rig, level: 'basic', seed, only })
    assertFailing(report, [only])
  }
}

function assertFailing({ failed }: ConformanceReport, caughtBy: readonly string[]): string[] {
  const failing = failed.map(({ name }) => name)
  const missed = caughtBy.filter((name) => !failing.includes(name))
  assertEqual(missed, [], `cases that must fail, and passed, while these failed: ${failing.join('; ')}`)
  return failing
}
