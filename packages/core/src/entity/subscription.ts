import * as z from 'zod/mini'
import type { Clock } from '../kernel/clock.js'
import { deriveId } from '../kernel/id.js'
import { instantOf } from '../kernel/instant.js'
import type { GuardedSession } from '../storage/guarded-session.js'
import type { Change } from '../storage/storage-adapter.js'
import { toDomainEvent } from './commit.js'
import type { DomainEvent } from './domain-event.js'
import { defineEntity } from './entity.js'
import { text } from './field.js'
import type { JournaledEvent } from './journal-entity.js'
import { isErasedEvent } from './journal-erasure.js'

/** How far a durable subscriber has read a tenant's journal. */
export const subscriptionEntity = defineEntity({
  name: 'subscription',
  kind: 'projection',
  schema: z.strictObject({ name: text(), position: text({ maxLength: 1_000 }) }),
  access: { reach: 'tenant' },
  backedUp: false,
})

/** A durable subscriber: every event reaches it at least once, in the order of each record's versions, across restarts. */
export interface SubscriptionOptions {
  /** Identifies the subscriber; its place in the journal is kept under this name. */
  readonly name: string
  /** Types of events it wants; all when left out. */
  readonly types?: readonly string[]
  /** Called once per event, one after the other. When it throws, the event is delivered again at the next tick. */
  readonly handle: (event: DomainEvent) => void | Promise<void>
  /** Where a new subscriber starts: with the first event there is, or (when left out) with those after it subscribed. */
  readonly from?: 'beginning' | 'now'
}

const pageSize = 500

/**
 * Delivers what has been committed since the last call to one subscriber, for one tenant. Returns the number of events
 * delivered. The place is kept after every page and after a failure, so at most one page is delivered twice after a crash.
 *
 * `since` is an id made when the subscriber came: in a tenant where it has no place yet and wants events from `now`, it gets those
 * of journal entries with a later id, so that the first events of a tenant that is new are not lost.
 */
export async function deliver(
  storage: GuardedSession,
  tenantId: string,
  subscription: SubscriptionOptions,
  clock: Clock,
  since: string,
): Promise<number> {
  const id = deriveId('subscription', subscription.name)
  const [kept] = await storage.getMany('subscription', [id])
  let position = kept?.position as string | undefined
  const keep = async (): Promise<void> => {
    if (position === undefined) return
    const row = { id, name: subscription.name, position, updatedAt: instantOf(clock.now()) }
    await storage.write([{ do: 'upsert', entity: 'subscription', row }])
  }
  const skipsOld = kept === undefined && subscription.from !== 'beginning'
  const isWanted = (change: Change): boolean =>
    change.entity === 'journal' && change.kind === 'put' && (!skipsOld || change.id > since)
  let delivered = 0
  for (;;) {
    const changes = await storage.changes(position, pageSize)
    const last = changes.at(-1)
    if (!last) break
    const entries = changes.filter(isWanted)
    if (entries.length > 0) {
      const rows = await storage.getMany(
        'journal',
        entries.map((change) => change.id),
      )
      for (const [index, row] of rows.entries()) {
        if (!row) continue
        try {
          delivered += await handleEntry(tenantId, row, subscription)
        } catch (error) {
          position = changes[changes.indexOf(entries[index] as Change) - 1]?.position ?? position
          await keep()
          throw error
        }
      }
    }
    position = last.position
    // Its own places come through the feed as well: to keep them anew for that would never end.
    if (kept === undefined || changes.some(({ entity }) => entity !== 'subscription')) await keep()
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
    // Erasing a person comes through the feed as well; what it erased is not told again.
    if (isErasedEvent(event)) continue
    if (subscription.types && !subscription.types.includes(event.type)) continue
    await subscription.handle(toDomainEvent(tenantId, row, event, index))
    delivered++
  }
  return delivered
}
