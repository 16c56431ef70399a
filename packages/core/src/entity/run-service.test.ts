import { describe, expect, test } from 'vitest'
import { CrmError } from '../kernel/crm-error.js'
import type { Row } from '../storage/row.js'
import { inProcessJobRunner, type Job, type JobRunner } from './job-runner.js'
import { runEntity } from './run-entity.js'
import { type Checkpoint, createRunEngine, type RunEngine, type RunKind } from './run-service.js'
import { failureOf, type OpenedSession, openSession } from './session-context.fixture.js'
import type { SessionContext } from './session-context.js'

type Work = (
  checkpoint: Checkpoint,
  params: Readonly<Record<string, unknown>>,
  context: SessionContext,
) => Promise<Record<string, unknown>>

interface OpenedRuns extends OpenedSession {
  readonly engine: RunEngine
  readonly jobs: JobRunner
  readonly failures: unknown[]
}

/** An engine whose runs of kind `count` do the given work, in this process. */
async function openRuns(work: Work, jobs: JobRunner = inProcessJobRunner()): Promise<OpenedRuns> {
  const opened = await openSession([runEntity])
  const kind: RunKind = { kind: 'count', execute: (context, params, checkpoint) => work(checkpoint, params, context) }
  const engine = createRunEngine([kind], jobs)
  const failures: unknown[] = []
  await jobs.work(async ({ runId }) => {
    await engine.execute(opened.as({ type: 'system', id: 'run' }), runId).catch((error) => failures.push(error))
  })
  return { ...opened, engine, jobs, failures }
}

/** Keeps jobs until they are asked for. */
const idleJobs = (): JobRunner & { readonly queued: Job[] } => {
  const queued: Job[] = []
  return { queued, enqueue: async (job) => void queued.push(job), work: async () => {}, close: async () => {} }
}

const storedRun = async ({ context }: OpenedSession, id: string): Promise<Row> =>
  (await context.storage.getMany('run', [id]))[0] as Row

const eventsOf = async ({ context }: OpenedSession): Promise<string[]> => {
  const { rows } = await context.storage.find({ entity: 'journal', order: ['id'], limit: 100 })
  return rows.flatMap((row) => (row.events as { type: string }[]).map(({ type }) => type))
}

/** A gate that work can wait at. */
const gate = (): { readonly passed: Promise<void>; open(): void } => {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

describe('a run', () => {
  test('keeps progress while it works, and result and times when it is done', async () => {
    const reached = gate()
    const goOn = gate()
    const opened = await openRuns(async ({ save, cursor }, params) => {
      expect(cursor).toBeUndefined()
      await save({ cursor: { row: 5 }, done: 5, total: 10, counts: { skipped: 1 } })
      reached.open()
      await goOn.passed
      return { rows: params.rows }
    })
    const { engine, context, clock } = opened
    const run = await engine.start(context, 'count', { rows: 10 })
    expect(run).toMatchObject({ status: 'queued', kind: 'count', ownerId: 'u_1', params: { rows: 10 } })
    await reached.passed
    const midway = await engine.service(context).get(run.id)
    expect(midway).toMatchObject({ status: 'running', progress: { done: 5, total: 10 }, counts: { skipped: 1 } })
    clock.advance(5_000)
    goOn.open()
    const ended = await engine.service(context).wait(run.id)
    expect(ended).toMatchObject({
      status: 'done',
      result: { rows: 10 },
      startedAt: '2026-03-01T10:00:00.000Z',
      finishedAt: '2026-03-01T10:00:05.000Z',
    })
    expect(await eventsOf(opened)).toEqual(['run.created', 'run.updated', 'run.updated', 'run.done'])
    expect(await engine.service(context).verifyHistory(run.id)).toMatchObject({ intact: true })
    expect(await engine.service(context).wait(run.id)).toEqual(ended)
  })

  test('that fails says by which rule, when the error is one of ours', async () => {
    const opened = await openRuns(async () => {
      throw new CrmError('rule_violated', 'Two currencies cannot be mixed')
    })
    const { id } = await opened.engine.start(opened.context, 'count', {})
    expect(await opened.engine.service(opened.context).wait(id)).toMatchObject({
      status: 'failed',
      error: { code: 'rule_violated', message: 'Two currencies cannot be mixed' },
    })
    expect(opened.failures).toEqual([])
  })

  test('that fails unexpectedly keeps nothing of the message, which may hold anything; the host hears of it', async () => {
    const opened = await openRuns(async () => {
      throw new Error('cannot parse ada@example.com')
    })
    const { id } = await opened.engine.start(opened.context, 'count', {})
    const run = await opened.engine.service(opened.context).wait(id)
    expect(run).toMatchObject({ status: 'failed', error: { message: 'The run failed unexpectedly' } })
    await opened.jobs.close()
    expect(opened.failures.map(String)).toEqual(['Error: cannot parse ada@example.com'])
    const { rows } = await opened.context.storage.find({ entity: 'journal', order: ['id'], limit: 100 })
    expect(JSON.stringify([run, rows])).not.toContain('ada@')
  })

  test('that is cancelled stops at its next checkpoint and says so once', async () => {
    const reached = gate()
    const goOn = gate()
    let wentOn = false
    const opened = await openRuns(async ({ save }) => {
      reached.open()
      await goOn.passed
      await save({ cursor: {}, done: 1 })
      wentOn = true
      return {}
    })
    const { engine, context } = opened
    const runs = engine.service(context)
    const { id } = await engine.start(context, 'count', {})
    await reached.passed
    expect(await runs.cancel(id)).toMatchObject({ status: 'canceled', finishedAt: expect.any(String) })
    goOn.open()
    expect((await runs.wait(id)).status).toBe('canceled')
    await opened.jobs.close()
    expect(wentOn).toBe(false)
    expect((await eventsOf(opened)).filter((type) => type === 'run.canceled')).toHaveLength(1)
    expect((await failureOf(runs.cancel(id))).code).toBe('rule_violated')
  })

  test('that is cancelled before its turn never begins', async () => {
    const jobs = idleJobs()
    let begun = false
    const opened = await openRuns(async () => {
      begun = true
      return {}
    }, jobs)
    const { id } = await opened.engine.start(opened.context, 'count', {})
    expect(jobs.queued).toEqual([{ tenantId: 'acme', runId: id }])
    const waiting = opened.engine.service(opened.context).wait(id)
    await opened.engine.service(opened.context).cancel(id)
    expect((await waiting).status).toBe('canceled')
    await opened.engine.execute(opened.context, id)
    expect(begun).toBe(false)
  })

  test('of an unknown kind is a mistake in code, and needs the right to runs', async () => {
    const opened = await openRuns(async () => ({}))
    await expect(opened.engine.start(opened.context, 'dance', {})).rejects.toThrow(TypeError)
    const visitor = opened.as({ type: 'contact', id: 'c1' }, [])
    expect((await failureOf(opened.engine.start(visitor, 'count', {}))).code).toBe('access_denied')
  })

  test('is private to who started it, for a member of level own', async () => {
    const opened = await openRuns(async () => ({}))
    const { id } = await opened.engine.start(opened.context, 'count', {})
    const own = [{ key: 'r', rights: { run: { read: 'own', update: 'own' } } }] as const
    const stranger = opened.engine.service(opened.as({ type: 'user', id: 'u_9' }, own))
    expect((await failureOf(stranger.get(id))).code).toBe('not_found')
    expect((await failureOf(stranger.cancel(id))).code).toBe('not_found')
    expect((await failureOf(stranger.wait(id))).code).toBe('not_found')
  })
})

describe('an interrupted run', () => {
  /** Starts a run, and loses the process after the first checkpoint. */
  async function interrupted(): Promise<OpenedRuns & { readonly id: string; readonly seen: unknown[] }> {
    const seen: unknown[] = []
    const jobs = idleJobs()
    const opened = await openRuns(async ({ cursor, save }) => {
      seen.push(cursor)
      if (cursor === undefined) {
        await save({ cursor: { row: 7 }, done: 7 })
        await new Promise(() => {})
      }
      return { resumedAt: cursor?.row }
    }, jobs)
    const { id } = await opened.engine.start(opened.context, 'count', {})
    void opened.engine.execute(opened.context, id)
    await expect.poll(async () => (await storedRun(opened, id)).cursor).toEqual({ row: 7 })
    return { ...opened, id, seen }
  }

  test('is left alone while its lease lasts', async () => {
    const opened = await interrupted()
    opened.clock.advance(59_999)
    await opened.engine.execute(opened.context, opened.id)
    expect(opened.seen).toEqual([undefined])
    expect((await storedRun(opened, opened.id)).status).toBe('running')
  })

  test('goes on at its cursor once the lease has passed, and the journal says so', async () => {
    const opened = await interrupted()
    opened.clock.advance(60_000)
    await opened.engine.execute(opened.context, opened.id)
    expect(opened.seen).toEqual([undefined, { row: 7 }])
    expect(await opened.engine.service(opened.context).get(opened.id)).toMatchObject({
      status: 'done',
      result: { resumedAt: 7 },
      progress: { done: 7 },
    })
    expect(await eventsOf(opened)).toContain('run.resumed')
  })

  test('is taken up by one of two that try at once', async () => {
    const opened = await interrupted()
    opened.clock.advance(60_000)
    await Promise.all([
      opened.engine.execute(opened.context, opened.id),
      opened.engine.execute(opened.context, opened.id),
    ])
    expect(opened.seen).toEqual([undefined, { row: 7 }])
  })

  test('that was taken over stops at its next checkpoint and leaves the end to the other', async () => {
    const slow = gate()
    const ends: unknown[] = []
    const opened = await openRuns(async ({ cursor, save }) => {
      if (cursor !== undefined) return { by: 'second' }
      await save({ cursor: { row: 1 }, done: 1 })
      await slow.passed
      await save({ cursor: { row: 2 }, done: 2 }).catch((error) => {
        ends.push(error.details.reason)
        throw error
      })
      return { by: 'first' }
    }, idleJobs())
    const { id } = await opened.engine.start(opened.context, 'count', {})
    const first = opened.engine.execute(opened.context, id)
    await expect.poll(async () => (await storedRun(opened, id)).cursor).toEqual({ row: 1 })
    opened.clock.advance(60_000)
    const second = opened.engine.execute(opened.context, id)
    await expect.poll(async () => (await storedRun(opened, id)).version).toBeGreaterThan(2)
    slow.open()
    await Promise.all([first, second])
    expect(ends).toEqual(['taken_over'])
    expect(await storedRun(opened, id)).toMatchObject({ status: 'done', result: { by: 'second' }, cursor: { row: 1 } })
  })
})

describe('a storage that fails for a while', () => {
  const outage = new CrmError('storage_failed', 'The connection was lost', { retriable: true })
  const tick = (opened: OpenedRuns, id: string): Promise<void> => opened.engine.execute(opened.context, id)

  test('does not end the run: the next tick goes on at its cursor', async () => {
    let failuresLeft = 2
    const opened = await openRuns(async ({ cursor, save }) => {
      if (cursor === undefined) await save({ cursor: { row: 4 }, done: 4 })
      if (failuresLeft-- > 0) throw outage
      return { resumedAt: cursor?.row }
    }, idleJobs())
    const { id } = await opened.engine.start(opened.context, 'count', {})
    await tick(opened, id)
    expect(await storedRun(opened, id)).toMatchObject({ status: 'running', cursor: { row: 4 } })
    expect((await storedRun(opened, id)).leaseUntil).toBeUndefined()
    await tick(opened, id)
    await tick(opened, id)
    expect(await storedRun(opened, id)).toMatchObject({ status: 'done', result: { resumedAt: 4 } })
  })

  test('ends it when five attempts at one batch come to nothing', async () => {
    let attempts = 0
    const opened = await openRuns(async () => {
      attempts += 1
      throw outage
    }, idleJobs())
    const { id } = await opened.engine.start(opened.context, 'count', {})
    for (let turn = 0; turn < 7; turn++) await tick(opened, id)
    expect(attempts).toBe(5)
    expect(await storedRun(opened, id)).toMatchObject({ status: 'failed', error: { code: 'storage_failed' } })
  })

  test('ends it at once when trying again cannot help', async () => {
    const opened = await openRuns(async () => {
      throw new CrmError('storage_failed', 'The disk is full', { retriable: false })
    }, idleJobs())
    const { id } = await opened.engine.start(opened.context, 'count', {})
    await tick(opened, id)
    expect((await storedRun(opened, id)).status).toBe('failed')
  })
})

describe('closing', () => {
  test('ends a run at its next checkpoint, keeps it for the next start, and tells who waits', async () => {
    const reached = gate()
    const goOn = gate()
    const opened = await openRuns(async ({ save }) => {
      await save({ cursor: { row: 3 }, done: 3 })
      reached.open()
      await goOn.passed
      await save({ cursor: { row: 6 }, done: 6 })
      return {}
    })
    const { engine, context } = opened
    const { id } = await engine.start(context, 'count', {})
    await reached.passed
    const waiting = failureOf(engine.service(context).wait(id))
    await new Promise((resolve) => setImmediate(resolve))
    engine.close()
    goOn.open()
    await opened.jobs.close()
    expect((await waiting).code).toBe('aborted')
    const row = await storedRun(opened, id)
    expect(row).toMatchObject({ status: 'running', cursor: { row: 3 } })
    expect(row).not.toHaveProperty('leaseUntil')

    const second = createRunEngine(
      [{ kind: 'count', execute: async (_: SessionContext, __: never, { cursor }: Checkpoint) => ({ cursor }) }],
      idleJobs(),
    )
    await second.execute(context, id)
    expect(await second.service(context).get(id)).toMatchObject({ status: 'done', result: { cursor: { row: 3 } } })
  })
})

test('waiting stops when its signal fires', async () => {
  const opened = await openRuns(async () => ({}), idleJobs())
  const { id } = await opened.engine.start(opened.context, 'count', {})
  const controller = new AbortController()
  const waiting = failureOf(opened.engine.service(opened.context).wait(id, { signal: controller.signal }))
  controller.abort()
  expect((await waiting).code).toBe('aborted')
})
