import type { EntityDef, NewRow, StorageSession, Write } from '@rapport/core/storage'

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
