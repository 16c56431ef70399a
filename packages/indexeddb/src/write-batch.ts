import {
  type Definitions,
  type Row,
  requireEntity,
  unknownEntity,
  type Write,
  type WriteResult,
  writtenId,
} from '@rapport/core/storage'
import { CounterChanges } from './counters.js'
import type { Database } from './database.js'
import { resultOf } from './idb-request.js'
import { nameOf } from './indexeddb-errors.js'
import { feedEntry, rowKey, type StoredDeletion, type StoredRecord, type StoreName } from './layout.js'
import { changeRow, readsBefore } from './row-change.js'
import { type DatabaseState, writeState } from './schema/catalogue.js'
import type { StoredSchema } from './stored-schema.js'
import { diagnoseConstraint, type IssuedWrite } from './write-diagnosis.js'

/** Where a batch is written. */
export interface BatchScene {
  readonly database: Database
  readonly definitions: Definitions
  readonly tenantId: string
  readonly signal?: AbortSignal | undefined
  /** Leaves rows that exist as they are, instead of failing an insert. */
  readonly skipExisting?: boolean
}

/**
 * Writes a batch in one transaction, all or nothing; results stand at the places of the writes, `undefined` for an insert that was
 * skipped. All rows that a write depends on are read first; then each write sees what those before it did.
 */
export async function writeBatch(scene: BatchScene, batch: readonly Write[]): Promise<(WriteResult | undefined)[]> {
  for (const { entity } of batch) requireEntity(scene.definitions, entity)
  let issued: IssuedWrite[] = []
  try {
    return await scene.database.write({
      stores: (schema) => storesOf(schema, batch),
      run: (transaction, schema, state) => {
        issued = []
        return applyBatch(scene, batch, { transaction, schema, state, issued })
      },
      signal: scene.signal,
    })
  } catch (error) {
    if (nameOf(error) !== 'ConstraintError') throw error
    throw await diagnoseConstraint(scene.database, scene.tenantId, issued)
  }
}

interface BatchTransaction {
  readonly transaction: IDBTransaction
  readonly schema: StoredSchema
  readonly state: DatabaseState
  readonly issued: IssuedWrite[]
}

async function applyBatch(
  scene: BatchScene,
  batch: readonly Write[],
  { transaction, schema, state, issued }: BatchTransaction,
): Promise<(WriteResult | undefined)[]> {
  const { tenantId, definitions, skipExisting = false } = scene
  const keys = batch.map((write) => rowKey(tenantId, write.entity, writtenId(write)))
  const held = await readRows(
    transaction,
    keys.filter((_, place) => skipExisting || readsBefore(batch[place]!)),
  )
  const rows = transaction.objectStore('rows')
  const counts = new CounterChanges()
  const results: (WriteResult | undefined)[] = []
  let { position } = state
  let failure: { readonly error: unknown } | undefined
  for (const [writeIndex, write] of batch.entries()) {
    const indexes = schema.entities.get(write.entity)
    if (!indexes) throw unknownEntity(write.entity)
    const key = keys[writeIndex]!
    const before = held.get(key)
    if (skipExisting && before) {
      results.push(undefined)
      continue
    }
    try {
      const { result, after } = changeRow(requireEntity(definitions, write.entity), write, before, writeIndex)
      results.push(result)
      if (write.do === 'check') continue
      position++
      if (after) {
        const record = indexes.recordOf(tenantId, after, position)
        const isNew = write.do === 'insert' && !held.has(key)
        const request = isNew ? rows.add(record, key) : rows.put(record, key)
        issued.push({ request, key, row: after, indexes, writeIndex, isNew })
      } else deleteRow(transaction, key, { version: result.version, feed: feedEntry(tenantId, position) })
      for (const counter of indexes.counters) {
        if (counter.ready || key <= (state.filledUpTo ?? '')) counts.change(counter, tenantId, before, after)
      }
      held.set(key, after)
    } catch (error) {
      failure = { error }
      break
    }
  }
  if (failure) {
    // A write in front of this one may break a constraint, and then that is the error.
    await resultOf(transaction.objectStore('meta').count())
    throw failure.error
  }
  await counts.write(transaction)
  if (position !== state.position) writeState(transaction, { ...state, position })
  return results
}

async function readRows(transaction: IDBTransaction, keys: readonly string[]): Promise<Map<string, Row | undefined>> {
  const rows = transaction.objectStore('rows')
  const records = await Promise.all(keys.map((key) => resultOf<StoredRecord | undefined>(rows.get(key))))
  return new Map(keys.map((key, place) => [key, records[place]?.row]))
}

function deleteRow(transaction: IDBTransaction, key: string, deletion: StoredDeletion): void {
  transaction.objectStore('rows').delete(key)
  transaction.objectStore('deletions').put(deletion, key)
}

function storesOf(schema: StoredSchema, batch: readonly Write[]): StoreName[] {
  const counts = batch.some(({ entity }) => (schema.entities.get(entity)?.counters.length ?? 0) > 0)
  const deletes = batch.some((write) => write.do === 'delete')
  return ['rows', 'meta', ...(deletes ? (['deletions'] as const) : []), ...(counts ? (['counters'] as const) : [])]
}
