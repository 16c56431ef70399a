import type { NewRow } from '@rapport/core/storage'
import type { PagePlace } from '../contestant.js'

/** One way to keep the same rows in IndexedDB. */
export interface Contestant {
  readonly name: string
  open(): Promise<void>
  /** Inserts rows, in as few transactions as it can. */
  insert(rows: readonly NewRow[]): Promise<void>
  read(id: string): Promise<unknown>
  /** Fifty rows of a stage behind a place, newest first. Returns how many came. */
  page(place: PagePlace): Promise<number>
  /** Sets a field of a row and counts its version up. */
  update(id: string, orders: number): Promise<void>
  /** Deletes the database. */
  remove(): Promise<void>
}
