import type { NewRow, Row, Write } from '@rapport/core/storage'

/** What is known of a record: enough to tell any two states of the load apart. */
export interface RecordState {
  readonly version: number
  readonly orders: number
}

/** Records by id. */
export type RecordStates = ReadonlyMap<string, RecordState>

export const killEntity = {
  name: 'record',
  fields: {
    orders: { type: 'int', required: true },
    uniqueKey: { type: 'text' },
    name: { type: 'text' },
  },
  indexes: [{ name: 'unique_key', on: ['uniqueKey'], unique: true }],
} as const

/** The states that a batch leaves. It is taken to meet what it expects. */
export function afterBatch(states: RecordStates, batch: readonly Write[]): Map<string, RecordState> {
  const after = new Map(states)
  for (const write of batch) {
    switch (write.do) {
      case 'insert':
      case 'upsert': {
        const version = (states.get(write.row.id)?.version ?? 0) + 1
        after.set(write.row.id, { version, orders: write.row.orders as number })
        break
      }
      case 'patch': {
        const { version, orders } = states.get(write.id)!
        after.set(write.id, { version: version + 1, orders: orders + (write.add?.orders ?? 0) })
        break
      }
      case 'delete':
        after.delete(write.id)
    }
  }
  return after
}

/** Ids that a batch writes. */
export const idsOf = (batch: readonly Write[]): string[] =>
  batch.map((write) => (write.do === 'insert' || write.do === 'upsert' ? write.row.id : write.id))

export const stateOf = (row: Row): RecordState => ({ version: row.version, orders: row.orders as number })

/** A row whose unique key stands for its id: written twice under two ids, it would be refused. */
export const recordRow = (id: string, orders: number): NewRow => ({ id, orders, uniqueKey: `key of ${id}`, name: id })

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
