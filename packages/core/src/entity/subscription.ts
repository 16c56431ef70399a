import * as z from 'zod/mini'
import type { Clock } from '../kernel/clock.js'
import { deriveId } from '../kernel/id.js'
import { instantOf } from '../kernel/instant.js'
import type { GuardedSession } from '../storage/guarded-session.js'
import { toDomainEvent } from './commit.js'
import type { DomainEvent } from './domain-event.js'
import { defineEntity } from './entity.js'
import { text } from './field.js'
import type { JournaledEvent } from './journal-entity.js'

/** How far a durable subscriber has read a tenant's journal. */
export const subscriptionEntity = defineEntity({
  name: 'subscription',
  kind: 'projection',
  schema: z.strictObject({ name: text(), position: text({ maxLength: 1_000 }) }),
  access: { reach: 'tenant' },
})

/** A durable subscriber: every event reaches it at least once, in the order of each record's versions, across restarts. */
export interface SubscriptionOptions {
  /** Identifies the subscriber; its place in the journal is kept under this name. */
  readonly name: string
  /** Types of events it wants; all when left out. */
  readonly types?: readonly string[]
  /** Called once per event, one after the other. When it throws, the event is delivered again at the next tick. */
  readonly handle: (event: DomainEvent) => void | Promise<void>
  /** Where a new subscriber starts; `now` when left out. */
  readonly from?: 'beginning' | 'now'
}

const pageSize = 500

/**
 * Delivers what has been committed since the last call to one subscriber, for one tenant. Returns the number of events
 * delivered. The place is kept after every page and after a failure, so at most one page is delivered twice after a crash.
 */
export async function deliver(
  storage: GuardedSession,
  tenantId: string,
  subscription: SubscriptionOptions,
  clock: Clock,
): Promise<number> {
  const id = deriveId('subscription', subscription.name)
  const [kept] = await storage.getMany('subscription', [id])
  let position = kept?.position as string | undefined
  const keep = async (): Promise<void> => {
    if (position === undefined) return
    const row = { id, name: subscription.name, position, updatedAt: instantOf(clock.now()) }
    await storage.write([{ do: 'upsert', entity: 'subscription', row }])
  }
  const skip = kept === undefined && subscription.from !== 'beginning'
  let delivered = 0
  for (;;) {
    const changes = await storage.changes(position, pageSize)
    const last = changes.at(-1)
    if (!last) break
    const entries = changes.filter((change) => change.entity === 'journal' && change.kind === 'put')
    if (!skip && entries.length > 0) {
      const rows = await storage.getMany(
        'journal',
        entries.map((change) => change.id),
      )
      for (const [index, row] of rows.entries()) {
        if (!row) continue
        try {
          delivered += await handleEntry(tenantId, row, subscription)
        } catch (error) {
          const previous = entries[index - 1]
          if (previous) position = previous.position
          await keep()
          throw error
        }
      }
    }
    position = last.position
    await keep()
    if (changes.length < pageSize) break
  }
  return delivered
}

async function handleEntry(
  tenantId: string,
  row: Readonly<Record<string, unknown>>,
  subscription: SubscriptionOptions,
): Promise<number> {
  let delivered = 0
  for (const [index, event] of (row.events as JournaledEvent[]).entries()) {
    if (subscription.types && !subscription.types.includes(event.type)) continue
    await subscription.handle(toDomainEvent(tenantId, row, event, index))
    delivered++
  }
  return delivered
}
