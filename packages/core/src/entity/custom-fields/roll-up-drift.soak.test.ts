import fc from 'fast-check'
import { test } from 'vitest'
import { createTestCrm } from '../../testing.js'
import { playAndCompare, steps } from './roll-up-drift.fixture.js'

test('roll-ups do not drift from what they are from scratch, in five hundred histories', async () => {
  const crm = await createTestCrm()
  let tenants = 0
  const property = fc.asyncProperty(steps, (given) => playAndCompare(crm, `t${++tenants}`, given))
  await fc.assert(property, { numRuns: 500 })
  await crm.close()
})
