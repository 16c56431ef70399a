import { assert, assertEqual } from '../../assertion.js'
import { collectRun } from '../collected-run.js'
import type { Fault } from './fault.js'

/** Fails unless the kit catches a fault in every case the fault names, and goes on passing elsewhere. */
export async function assertCaught({ create, caughtBy }: Fault): Promise<void> {
  const { report } = await collectRun({ create, level: 'basic', seed: 20_260_301 })
  const failing = report.failed.map(({ name }) => name)
  const missed = caughtBy.filter((name) => !failing.includes(name))
  assertEqual(missed, [], 'cases that must fail, and passed')
  const share = failing.length / report.passed.length
  assert(share <= 0.15, `the fault shows in ${failing.length} cases, far from where it belongs: ${failing.join('; ')}`)
}
