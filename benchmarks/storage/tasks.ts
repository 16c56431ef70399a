import type { NewRow } from '@rapport/core/storage'
import type { Contestant, PagePlace } from './contestant.js'
import type { Task } from './measure.js'
import { contactRow } from './specimen-contact.js'

/** How much work a run does. */
export interface Extent {
  /** Rows in the table that is read. */
  readonly stored: number
  readonly operations: number
  readonly rounds: number
  readonly batchRounds: number
}

export const batchSize = 10_000

/** Prefix of the rows that are there from the start. */
export const storedPrefix = 'aaaaaaaa'

/** The kinds of work. Every contestant meets the same rows in the same order. */
export function storageTasks({ stored, operations, rounds, batchRounds }: Extent): Task[] {
  const pick = (round: number, operation: number): NewRow =>
    contactRow(storedPrefix, (Math.imul(round * operations + operation + 1, 0x85ebca6b) >>> 0) % stored)
  const versions = new Map<Contestant, Map<string, number>>()
  return [
    {
      name: 'insert',
      operations,
      rounds,
      prepare(contestant, round, operation) {
        const row = contactRow('bbbbbbbb', round * operations + operation)
        return () => contestant.insert(row)
      },
    },
    {
      name: 'batch of 10k',
      operations: 1,
      rounds: batchRounds,
      rowsPerOperation: batchSize,
      prepare(contestant, round) {
        const rows = Array.from({ length: batchSize }, (_, index) => contactRow('cccccccc', round * batchSize + index))
        return () => contestant.insertBatch(rows)
      },
    },
    {
      name: 'load',
      operations: 1,
      rounds: batchRounds,
      rowsPerOperation: batchSize,
      prepare(contestant, round) {
        const rows = Array.from({ length: batchSize }, (_, index) => contactRow('dddddddd', round * batchSize + index))
        return () => contestant.load(rows)
      },
    },
    {
      name: 'point read',
      operations,
      rounds,
      prepare(contestant, round, operation) {
        const { id } = pick(round, operation)
        return async () => {
          if ((await contestant.read(id)) === undefined) throw new Error('a stored row was not found')
        }
      },
    },
    {
      name: 'page of 50',
      operations,
      rounds,
      prepare(contestant, round, operation) {
        const place = pick(round, operation) as NewRow & PagePlace
        return () => contestant.page(place)
      },
    },
    ...(['first page by id', 'page by id at half the depth'] as const).map(
      (name): Task => ({
        name,
        operations,
        rounds,
        prepare(contestant, _round, operation) {
          const { id } = contactRow(storedPrefix, (stored >> 1) + operation)
          return () => contestant.pageBehind(name === 'first page by id' ? '' : id)
        },
      }),
    ),
    {
      name: 'versioned update',
      operations,
      rounds,
      prepare(contestant, round, operation) {
        const { id } = pick(round, operation)
        const known = versions.get(contestant) ?? new Map<string, number>()
        versions.set(contestant, known)
        const version = known.get(id) ?? 1
        known.set(id, version + 1)
        return () => contestant.update(id, version, operation)
      },
    },
  ]
}
