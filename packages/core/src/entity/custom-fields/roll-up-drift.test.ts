import fc from 'fast-check'
import { test } from 'vitest'
import { createTestCrm } from '../../testing.js'
import { playAndCompare, steps } from './roll-up-drift.fixture.js'

test('roll-ups are what they are from scratch after any orders were made, moved, changed, deleted, merged, unmerged and erased', async () => {
  const crm = await createTestCrm()
  let tenants = 0
  const property = fc.asyncProperty(steps, (given) => playAndCompare(crm, `t${++tenants}`, given))
  await fc.assert(property, { numRuns: 8 })
  await crm.close()
})
