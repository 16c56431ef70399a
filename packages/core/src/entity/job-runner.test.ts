import { expect, test } from 'vitest'
import { inProcessJobRunner, type Job } from './job-runner.js'

const job = (runId: string): Job => ({ tenantId: 'acme', runId })
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('jobs are done one after the other, in order, also those that came before the worker', async () => {
  const runner = inProcessJobRunner()
  await runner.enqueue(job('a'))
  const log: string[] = []
  await runner.work(async ({ runId }) => {
    log.push(`begin ${runId}`)
    await settle()
    log.push(`end ${runId}`)
  })
  await runner.enqueue(job('b'))
  await settle()
  await settle()
  await settle()
  await runner.close()
  expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b'])
})

test('a job that waits already is not queued again', async () => {
  const runner = inProcessJobRunner()
  for (let index = 0; index < 1_000; index++) await runner.enqueue(job('a'))
  await runner.enqueue({ tenantId: 'other', runId: 'a' })
  const done: string[] = []
  await runner.work(async ({ tenantId }) => {
    done.push(tenantId)
  })
  await settle()
  expect(done).toEqual(['acme', 'other'])
})

test('a job that fails does not keep the next one from its turn', async () => {
  const runner = inProcessJobRunner()
  const done: string[] = []
  await runner.work(async ({ runId }) => {
    if (runId === 'a') throw new Error('no storage')
    done.push(runId)
  })
  await runner.enqueue(job('a'))
  await runner.enqueue(job('b'))
  await settle()
  expect(done).toEqual(['b'])
})

test('closing waits for the job at work, begins no other, and takes none', async () => {
  const runner = inProcessJobRunner()
  const log: string[] = []
  let finish = (): void => {}
  await runner.work(async ({ runId }) => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    log.push(runId)
  })
  await runner.enqueue(job('a'))
  await runner.enqueue(job('b'))
  const closing = runner.close().then(() => log.push('closed'))
  await settle()
  expect(log).toEqual([])
  finish()
  await closing
  await runner.enqueue(job('c'))
  await settle()
  expect(log).toEqual(['a', 'closed'])
})
