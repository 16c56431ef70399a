import { memoryStorage } from '@rapport/core/storage/memory'
import { describe, expect, test } from 'vitest'
import { testStorage, type VitestTest } from '../vitest/index.js'
import { weakStorage } from './weak-storage.js'

describe('the shim for vitest registers cases that vitest runs', async () => {
  await testStorage({ test, create: () => memoryStorage(), only: 'capabilities' })
})

test('the shim for vitest gives time, forbids repetition and company, and skips with the reason', async () => {
  const settings = new Set<string>()
  const reasons: (string | undefined)[] = []
  const runs: Promise<void>[] = []
  const register: VitestTest = (_, options, run) => {
    settings.add(JSON.stringify(options))
    runs.push(run({ skip: (reason) => reasons.push(reason) }))
  }
  await testStorage({ test: register, create: weakStorage, only: 'search', timeoutMs: 5_000 })
  await Promise.all(runs)
  expect([...settings]).toEqual(['{"timeout":5000,"retry":0,"concurrent":false}'])
  expect(new Set(reasons)).toEqual(new Set(['capabilities.search is false']))
})
