import { throwIfAborted } from '@rapport/core/storage'
import { countsOf } from '../counters.js'
import type { Database } from '../database.js'
import { type Catalogue, readCatalogue, readState, type StoredEntity, writeCatalogue } from './catalogue.js'
import { fillNextRows } from './fill.js'
import { differenceOf, type EntityDifference, isDifferent } from './plan.js'
import type { EntityTarget } from './target.js'

/**
 * Brings the catalogue up to its targets in one short transaction, then fills new indexes and counters with the rows that are there, a
 * part at a time, while everybody goes on. What was filled stays filled: a call that is cut short is finished by the next one, in any tab,
 * and calls at the same time share the work. Throws `conflict` when rows break a new unique index.
 */
export async function applyTargets(
  database: Database,
  targets: readonly EntityTarget[],
  release: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await database.connection.run(
    ['meta', 'counters'],
    'readwrite',
    async (transaction) => {
      const [catalogue, state] = await Promise.all([readCatalogue(transaction), readState(transaction)])
      const differences = targets.map((target) => differenceOf(catalogue, target, release))
      const changed = differences.filter(isDifferent)
      if (changed.length === 0 && release <= catalogue.release) return
      const next = nextCatalogue(catalogue, changed, release)
      for (const { oldCounters } of changed) {
        for (const counter of oldCounters) transaction.objectStore('counters').delete(countsOf(counter))
      }
      const isFilling = changed.some(({ stored, newIndexes, newCounters }) => {
        return stored !== undefined && newIndexes.length + newCounters.length > 0
      })
      if (isFilling) {
        // From the first row on, also for what is half filled: its counts begin anew.
        for (const counter of unfinishedCounters(next)) transaction.objectStore('counters').delete(countsOf(counter))
      }
      writeCatalogue(transaction, next, isFilling ? { ...state, filledUpTo: '' } : state)
    },
    signal,
  )
  await database.refresh(signal)
  for (let isDone = false; !isDone; ) {
    throwIfAborted(signal)
    isDone = await fillNextRows(database, signal)
  }
  await database.refresh(signal)
}

function nextCatalogue(catalogue: Catalogue, changed: readonly EntityDifference[], release: number): Catalogue {
  let { nextSlot } = catalogue
  const entities = new Map(catalogue.entities)
  for (const { target, stored, keptIndexes, keptCounters, newIndexes, newCounters } of changed) {
    // There are no rows yet of an entity that nobody knew.
    const ready = stored === undefined
    entities.set(target.name, {
      indexes: [...keptIndexes, ...newIndexes.map((index) => ({ ...index, slot: nextSlot++, ready }))],
      counters: [...keptCounters, ...newCounters.map((by) => ({ by, slot: nextSlot++, ready }))],
    })
  }
  return { release: Math.max(release, catalogue.release), nextSlot, entities }
}

function unfinishedCounters({ entities }: Catalogue): StoredEntity['counters'] {
  return [...entities.values()].flatMap(({ counters }) => counters.filter(({ ready }) => !ready))
}
