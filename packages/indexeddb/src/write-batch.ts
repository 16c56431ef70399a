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
import { feedEntry, rowKey, rowOf, type StoredDeletion, type StoredRecord, type StoreName } from './layout.js'
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
  let issued: readonly IssuedWrite[] = []
  try {
    return await scene.database.write({
      stores: (schema) => storesOf(schema, batch),
      run: (transaction, schema, state) => {
        const attempt = new BatchAttempt(scene, transaction, schema, state)
        issued = attempt.issued
        return attempt.apply(batch)
      },
      signal: scene.signal,
    })
  } catch (error) {
    if (nameOf(error) !== 'ConstraintError') throw error
    throw await diagnoseConstraint(scene.database, scene.tenantId, issued)
  }
}

/** One attempt to write a batch, in a transaction of its own. */
class BatchAttempt {
  readonly issued: IssuedWrite[] = []
  readonly #scene: BatchScene
  readonly #transaction: IDBTransaction
  readonly #schema: StoredSchema
  readonly #state: DatabaseState
  readonly #rows: IDBObjectStore
  readonly #counts = new CounterChanges()
  /** Rows as the writes so far left them, as far as they are known. */
  #held: Map<string, Row | undefined> = new Map()
  #position: number

  constructor(scene: BatchScene, transaction: IDBTransaction, schema: StoredSchema, state: DatabaseState) {
    this.#scene = scene
    this.#transaction = transaction
    this.#schema = schema
    this.#state = state
    this.#rows = transaction.objectStore('rows')
    this.#position = state.position
  }

  async apply(batch: readonly Write[]): Promise<(WriteResult | undefined)[]> {
    const { tenantId, skipExisting = false } = this.#scene
    const keys = batch.map((write) => rowKey(tenantId, write.entity, writtenId(write)))
    this.#held = await readRows(
      this.#rows,
      keys.filter((_, place) => skipExisting || readsBefore(batch[place]!)),
    )
    const results: (WriteResult | undefined)[] = []
    try {
      for (const [writeIndex, write] of batch.entries())
        results.push(this.#applyWrite(write, keys[writeIndex]!, writeIndex))
    } catch (error) {
      // A write in front of this one may break a constraint, and then that is the error.
      await resultOf(this.#rows.count('')).catch(() => {})
      throw error
    }
    await this.#counts.write(this.#transaction)
    if (this.#position !== this.#state.position) {
      writeState(this.#transaction, { ...this.#state, position: this.#position })
    }
    return results
  }

  #applyWrite(write: Write, key: string, writeIndex: number): WriteResult | undefined {
    const { tenantId, definitions, skipExisting } = this.#scene
    const indexes = this.#schema.entities.get(write.entity)
    if (!indexes) throw unknownEntity(write.entity)
    const before = this.#held.get(key)
    if (skipExisting && before) return undefined
    const { result, after } = changeRow(requireEntity(definitions, write.entity), write, before, writeIndex)
    if (write.do === 'check') return result
    const position = ++this.#position
    if (after) {
      const record = indexes.recordOf(tenantId, after, position)
      const isNew = write.do === 'insert' && !this.#held.has(key)
      const request = isNew ? this.#rows.add(record, key) : this.#rows.put(record, key)
      this.issued.push({ request, key, row: after, indexes, writeIndex, isNew })
    } else {
      const deletion: StoredDeletion = { version: result.version, feed: feedEntry(tenantId, position) }
      this.#rows.delete(key)
      this.#transaction.objectStore('deletions').put(deletion, key)
    }
    for (const counter of indexes.counters) {
      const isCounted = counter.ready || key <= (this.#state.filledUpTo ?? '')
      if (isCounted) this.#counts.change(counter, tenantId, before, after)
    }
    this.#held.set(key, after)
    return result
  }
}

/** The rows of some keys; a key that has none is there too. */
async function readRows(rows: IDBObjectStore, keys: readonly string[]): Promise<Map<string, Row | undefined>> {
  const records = await Promise.all(keys.map((key) => resultOf<StoredRecord | undefined>(rows.get(key))))
  return new Map(
    keys.map((key, place) => {
      const record = records[place]
      return [key, record && rowOf(record)]
    }),
  )
}

function storesOf(schema: StoredSchema, batch: readonly Write[]): StoreName[] {
  const counts = batch.some(({ entity }) => (schema.entities.get(entity)?.counters.length ?? 0) > 0)
  const deletes = batch.some((write) => write.do === 'delete')
  return ['rows', 'meta', ...(deletes ? (['deletions'] as const) : []), ...(counts ? (['counters'] as const) : [])]
}
