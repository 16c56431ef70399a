import { type EntityDef, isCrmError, type NewRow, type StorageSession, type Write } from '@rapport/core/storage'
import { assert } from '../assertion.js'

/** Inserts rows in batches of at most 500. */
export async function insertRows(session: StorageSession, def: EntityDef, rows: readonly NewRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 500) {
    const batch = rows.slice(start, start + 500).map((row): Write => ({ do: 'insert', entity: def.name, row }))
    await session.write(batch)
  }
}

/** Runs the work once for each number from 0, all at the same time, and waits for every one, also when some fail. */
export async function concurrently<T>(
  count: number,
  work: (index: number) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  return Promise.allSettled(Array.from({ length: count }, (_, index) => work(index)))
}

/** Waits, so that others can go on. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}

/** Fails with the first failure among concurrent calls. */
export function assertNoneFailed(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason
  }
  assert(outcomes.length > 0, 'no writer ran')
}

/** Repeats a call as core does: only where the adapter says that trying again may help. */
export async function retrying<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (attempt >= 50 || !mayRepeat(error)) throw error
    }
  }
}

/** Whether an error says that the same call may succeed later. */
export function mayRepeat(error: unknown): boolean {
  return isCrmError(error, 'storage_failed') && error.details.retriable === true
}
