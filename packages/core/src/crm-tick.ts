import type { Crm } from './crm.js'
import { sweepMerges } from './crm-merges.js'
import { sweepPendingRollUps } from './entity/custom-fields/sweep-roll-ups.js'
import type { JobRunner } from './entity/job-runner.js'
import type { SessionContext } from './entity/session-context.js'
import { deliver, type SubscriptionOptions } from './entity/subscription.js'
import type { Clock } from './kernel/clock.js'
import { instantOf } from './kernel/instant.js'
import type { GuardedSession } from './storage/guarded-session.js'
import type { StorageAdapter, SystemReader } from './storage/storage-adapter.js'

/** What there may be due work on. */
export interface DueWork {
  readonly storage: StorageAdapter
  readonly clock: Clock
  readonly jobs: JobRunner
  /** With the id after which a subscriber that is new wants events. */
  readonly subscriptions: ReadonlyMap<SubscriptionOptions, string>
  sessionOf(tenantId: string): GuardedSession
  contextOf(tenantId: string): SessionContext
  onError(error: unknown): void
}

/** What {@link Crm.tick} does, one call after the other. */
export interface Tick {
  run: Crm['tick']
  /** Waits for the call that is at work, however it ends. */
  settle(): Promise<void>
}

/** The tick of a CRM: derived values first, then subscribers, then runs that were interrupted. */
export function createTick(work: DueWork): Tick {
  let ticking: ReturnType<Crm['tick']> | undefined
  return {
    run() {
      ticking ??= (async () => {
        const reader = work.storage.system?.()
        if (reader) await sweep(work, reader)
        return { delivered: await deliverAll(work), resumed: reader ? await resumeRuns(work, reader) : 0 }
      })().finally(() => {
        ticking = undefined
      })
      return ticking
    },
    async settle() {
      await ticking?.catch(() => {})
    },
  }
}

async function sweep({ clock, contextOf, onError }: DueWork, reader: SystemReader): Promise<void> {
  await sweepPendingRollUps(reader, contextOf).catch(onError)
  await sweepMerges(reader, clock.now(), contextOf).catch(onError)
}

async function deliverAll({ storage, clock, subscriptions, sessionOf, onError }: DueWork): Promise<number> {
  let delivered = 0
  if (subscriptions.size === 0) return delivered
  for await (const tenantId of storage.tenants()) {
    for (const [subscription, since] of subscriptions) {
      try {
        delivered += await deliver(sessionOf(tenantId), tenantId, subscription, clock, since)
      } catch (error) {
        onError(error)
      }
    }
  }
  return delivered
}

async function resumeRuns({ clock, jobs }: DueWork, reader: SystemReader): Promise<number> {
  const interrupted = await reader.find({
    entity: 'run',
    where: {
      op: 'and',
      args: [
        { op: 'in', path: 'status', values: ['queued', 'running'] },
        { op: 'isNull', path: 'deletedAt' },
        {
          op: 'or',
          args: [
            { op: 'isNull', path: 'leaseUntil' },
            { op: 'lte', path: 'leaseUntil', value: instantOf(clock.now()) },
          ],
        },
      ],
    },
    order: ['createdAt', 'id'],
    limit: 100,
  })
  for (const { tenantId, row } of interrupted) await jobs.enqueue({ tenantId, runId: row.id })
  return interrupted.length
}
