import { uniqueConflict } from '@rapport/core/storage'
import { CounterChanges } from '../counters.js'
import type { Database } from '../database.js'
import { resultOf } from '../idb-request.js'
import { nameOf } from '../indexeddb-errors.js'
import { partsOfKey, positionOf, type StoredRecord } from '../layout.js'
import { compileSchema } from '../stored-schema.js'
import { diagnoseConstraint, type IssuedWrite } from '../write-diagnosis.js'
import { type Catalogue, readCatalogue, readState, type StoredEntity, writeCatalogue, writeState } from './catalogue.js'

/** Rows of one step: few enough that readers and writers in between hardly wait. */
const chunk = 500

/**
 * Puts the next rows into the indexes and counters that are still to be filled, in one transaction that also notes how far it came.
 * Returns whether that was all. Rows that writers touch meanwhile are in the new indexes already, and in a new counter when this has
 * passed them.
 */
export async function fillNextRows(database: Database, signal: AbortSignal | undefined): Promise<boolean> {
  const issued: IssuedWrite[] = []
  try {
    return await database.connection.run(
      ['rows', 'meta', 'counters'],
      'readwrite',
      (transaction) => fillWithin(transaction, issued),
      signal,
    )
  } catch (error) {
    if (nameOf(error) !== 'ConstraintError') throw error
    throw await duplicateIn(database, issued)
  }
}

async function fillWithin(transaction: IDBTransaction, issued: IssuedWrite[]): Promise<boolean> {
  const [state, catalogue] = await Promise.all([readState(transaction), readCatalogue(transaction)])
  const { filledUpTo, ...finished } = state
  if (filledUpTo === undefined) return true
  const rows = transaction.objectStore('rows')
  const range = IDBKeyRange.lowerBound(filledUpTo, true)
  const [keys, records] = await Promise.all([
    resultOf(rows.getAllKeys(range, chunk)) as Promise<string[]>,
    resultOf<StoredRecord[]>(rows.getAll(range, chunk)),
  ])
  const schema = compileSchema(catalogue, state.revision)
  const counts = new CounterChanges()
  for (const [place, key] of keys.entries()) {
    const { row, entries } = records[place]!
    const { tenantId, entity } = partsOfKey(key)
    const indexes = schema.entities.get(entity)
    const stored = catalogue.entities.get(entity)
    if (!indexes || !stored || !isUnfinished(stored)) continue
    for (const counter of stored.counters) if (!counter.ready) counts.change(counter, tenantId, undefined, row)
    if (stored.indexes.every(({ ready }) => ready)) continue
    const record = indexes.recordOf(tenantId, row, positionOf(entries[0]))
    issued.push({ request: rows.put(record, key), key, row, indexes, isNew: false })
  }
  await counts.write(transaction)
  const last = keys.length < chunk ? undefined : keys.at(-1)
  if (last !== undefined) writeState(transaction, { ...state, filledUpTo: last })
  else writeCatalogue(transaction, withAllReady(catalogue), finished)
  return last === undefined
}

async function duplicateIn(database: Database, issued: readonly IssuedWrite[]): Promise<Error> {
  const failed = issued.find(
    ({ request }) => request.readyState === 'done' && nameOf(request.error) === 'ConstraintError',
  )
  const tenantId = failed ? partsOfKey(failed.key).tenantId : ''
  const { details } = await diagnoseConstraint(database, tenantId, issued)
  return uniqueConflict(details.entity ?? '', details.index ?? '', undefined, details.id)
}

function isUnfinished({ indexes, counters }: StoredEntity): boolean {
  return [...indexes, ...counters].some(({ ready }) => !ready)
}

function withAllReady(catalogue: Catalogue): Catalogue {
  const finish = <T>(list: readonly T[]): (T & { ready: true })[] => list.map((kept) => ({ ...kept, ready: true }))
  const entities = Array.from(catalogue.entities, ([name, { indexes, counters }]): [string, StoredEntity] => {
    return [name, { indexes: finish(indexes), counters: finish(counters) }]
  })
  return { ...catalogue, entities: new Map(entities) }
}
