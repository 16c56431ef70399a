import { CrmError, isCrmError, throwIfAborted } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import { commit } from './commit.js'
import { requireRight } from './commit-rights.js'
import type { JobRunner } from './job-runner.js'
import { readOne } from './record-reader.js'
import { committed, createRecordReading, type RecordReading, retryOnConflict } from './record-service.js'
import { type Run, runEntity } from './run-entity.js'
import type { SessionContext } from './session-context.js'

/** Keeps a run's progress. */
export interface Checkpoint {
  /** Where an earlier attempt left off; `undefined` at the start. */
  readonly cursor: Readonly<Record<string, unknown>> | undefined
  /** Fires when the run is cancelled or the CRM closes. */
  readonly signal: AbortSignal
  /** Keeps cursor and progress. Throws `aborted` when the run was cancelled. Call it after each batch of at most 1,000. */
  save(state: {
    readonly cursor: Readonly<Record<string, unknown>>
    readonly done: number
    readonly total?: number
    readonly counts?: Readonly<Record<string, number>>
  }): Promise<void>
}

/** How one kind of run is done. Repeating a batch must change nothing, since a batch may run twice after a crash. */
export interface RunKind<Params = Readonly<Record<string, unknown>>> {
  readonly kind: string
  execute(context: SessionContext, params: Params, checkpoint: Checkpoint): Promise<Readonly<Record<string, unknown>>>
}

/** Runs of a session. */
export interface RunService extends RecordReading<Run> {
  /** Asks a run to stop; it ends at its next checkpoint. */
  cancel(id: string): Promise<Run>
  /** Waits until a run has ended, and gives it back whatever its end. */
  wait(id: string, options?: { readonly signal?: AbortSignal }): Promise<Run>
}

const leaseMs = 60_000
const pollMs = 1_000
/** How often a batch is begun that the storage could not finish, before the run is given up. */
const attemptsPerBatch = 5

/** Starts, executes and watches runs. One per CRM. */
export interface RunEngine {
  start(context: SessionContext, kind: string, params: Readonly<Record<string, unknown>>): Promise<Run>
  /**
   * Does the work of a queued or interrupted run. Throws what the work threw unless it is a `CrmError`, after the run was marked
   * as failed: the run tells no more than that, since an unknown message may hold anything. When the storage failed in a way that
   * passes, the run waits for the next tick; after five attempts at the same batch it has failed.
   */
  execute(context: SessionContext, runId: string): Promise<void>
  service(context: SessionContext): RunService
  close(): void
}

/** An engine over the kinds of runs that the domains contribute. */
export function createRunEngine(kinds: readonly RunKind<never>[], jobs: JobRunner): RunEngine {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind as unknown as RunKind]))
  const closing = new AbortController()
  const waiters = new Map<string, Set<() => void>>()
  const ended = (runId: string): void => {
    for (const wake of waiters.get(runId) ?? []) wake()
    waiters.delete(runId)
  }

  const start: RunEngine['start'] = async (context, kind, params) => {
    if (!byName.has(kind)) throw new TypeError(`There is no run of kind ${kind}`)
    await requireRight(context, runEntity, 'create')
    const id = context.newId()
    const values = {
      kind,
      status: 'queued',
      params,
      ...(context.actor.type === 'user' && { ownerId: context.actor.id }),
    }
    const run = await committed(context, runEntity, id, [{ kind: 'create', entity: 'run', id, values }])
    await jobs.enqueue({ tenantId: context.tenantId, runId: id })
    return run
  }

  const execute: RunEngine['execute'] = async (context, runId) => {
    const [row] = await context.storage.getMany('run', [runId])
    if (!row || (row.status !== 'queued' && row.status !== 'running')) return ended(runId)
    const now = context.clock.now()
    if (row.status === 'running' && row.leaseUntil !== undefined && (row.leaseUntil as string) > instantOf(now)) return
    const kind = byName.get(row.kind as string)
    if (!kind) return
    const attempts = ((row.attempts as number | undefined) ?? 0) + 1
    let claimed: number
    try {
      const claim = { status: 'running', startedAt: row.startedAt ?? instantOf(now) }
      const done = await commit(context, [
        {
          kind: 'update',
          entity: 'run',
          before: row,
          values: claim,
          events: row.status === 'running' ? [{ type: 'run.resumed' }] : [],
          // The right was checked when the run was started; a host's roles need not know the worker.
          implied: true,
        },
        { kind: 'derive', entity: 'run', id: runId, set: { leaseUntil: instantOf(now + leaseMs), attempts } },
      ])
      claimed = done.row('run', runId).version
    } catch (error) {
      if (isCrmError(error, 'conflict')) return
      throw error
    }
    let outcome: Readonly<Record<string, unknown>>
    let unexpected: { readonly error: unknown } | undefined
    try {
      const cursor = row.cursor as Checkpoint['cursor']
      const checkpoint = checkpointOf(context, { runId, claimed, cursor, signal: closing.signal })
      const result = await kind.execute(context.as(context.actor, `run:${runId}`), row.params as never, checkpoint)
      outcome = { status: 'done', result }
    } catch (error) {
      if (isCrmError(error, 'aborted') && error.details.reason === 'taken_over') return
      if (closing.signal.aborted) return release(context, runId)
      if (isRetriable(error) && attempts < attemptsPerBatch) return release(context, runId)
      if (!isCrmError(error)) unexpected = { error }
      outcome = isCrmError(error, 'aborted')
        ? { status: 'canceled' }
        : {
            status: 'failed',
            error: isCrmError(error)
              ? { code: error.code, message: error.message }
              : { code: 'storage_failed', message: 'The run failed unexpectedly' },
          }
    }
    await retryOnConflict(async () => {
      const [current] = await context.storage.getMany('run', [runId])
      if (current?.status !== 'running' || current.version !== claimed) return
      const values = { ...outcome, finishedAt: instantOf(context.clock.now()) }
      await commit(context, [
        {
          kind: 'update',
          entity: 'run',
          before: current,
          values,
          events: [{ type: `run.${String(outcome.status)}` }],
          implied: true,
        },
      ])
    })
    ended(runId)
    if (unexpected) throw unexpected.error
  }

  return {
    start,
    execute,
    close: () => {
      closing.abort()
      for (const runId of [...waiters.keys()]) ended(runId)
    },
    service: (context) => ({
      ...createRecordReading(context, runEntity),
      async cancel(id) {
        return retryOnConflict(async () => {
          const before = await readOne(context, runEntity, id)
          if (before.status !== 'queued' && before.status !== 'running') {
            throw new CrmError('rule_violated', 'The run has ended already', { entity: 'run', id, field: 'status' })
          }
          const values = { status: 'canceled', finishedAt: instantOf(context.clock.now()) }
          const run = await committed(context, runEntity, id, [
            { kind: 'update', entity: 'run', before, values, events: [{ type: 'run.canceled' }] },
          ])
          ended(id)
          return run
        })
      },
      async wait(id, options = {}) {
        const reading = createRecordReading(context, runEntity)
        for (;;) {
          throwIfAborted(options.signal)
          const change = nextEnd(waiters, id, options.signal)
          const run = await reading.get(id)
          if (run.status !== 'queued' && run.status !== 'running') return run
          if (closing.signal.aborted)
            throw new CrmError('aborted', 'The CRM was closed before the run ended', { entity: 'run', id })
          await change
        }
      },
    }),
  }
}

/** Whether the storage may well serve the same batch a little later: a connection was lost, say. */
function isRetriable(error: unknown): boolean {
  return isCrmError(error, 'storage_failed') && error.details.retriable === true
}

/** Gives up the lease, so that the next start need not wait for its end. */
async function release(context: SessionContext, runId: string): Promise<void> {
  try {
    await commit(context, [{ kind: 'derive', entity: 'run', id: runId, set: { leaseUntil: null } }])
  } catch {
    // The lease ends by itself.
  }
}

/** What an attempt at a run holds: the version it made by claiming the run, which another attempt would count up. */
interface Claim {
  readonly runId: string
  readonly claimed: number
  readonly cursor: Checkpoint['cursor']
  readonly signal: AbortSignal
}

function checkpointOf(context: SessionContext, { runId, claimed, cursor, signal }: Claim): Checkpoint {
  return {
    cursor,
    signal,
    async save(state) {
      throwIfAborted(signal)
      const [row] = await context.storage.getMany('run', [runId])
      if (!row || row.status === 'canceled') {
        throw new CrmError('aborted', 'The run was cancelled', { entity: 'run', id: runId })
      }
      if (row.version !== claimed) {
        const details = { entity: 'run', id: runId, reason: 'taken_over' }
        throw new CrmError('aborted', 'The run took too long between two checkpoints and was taken over', details)
      }
      const set = {
        cursor: state.cursor,
        'progress.done': state.done,
        ...(state.total !== undefined && { 'progress.total': state.total }),
        ...(state.counts && { counts: state.counts }),
        attempts: 0,
        leaseUntil: instantOf(context.clock.now() + leaseMs),
      }
      await commit(context, [{ kind: 'derive', entity: 'run', id: runId, set }])
    },
  }
}

/** Resolves when the run ends in this process, when the caller gives up, or after a while: another process may do the work. */
function nextEnd(waiters: Map<string, Set<() => void>>, runId: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const waiting = waiters.get(runId) ?? new Set()
    const wake = (): void => {
      clearTimeout(timer)
      waiting.delete(wake)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, pollMs)
    waiters.set(runId, waiting.add(wake))
    signal?.addEventListener('abort', wake, { once: true })
  })
}
