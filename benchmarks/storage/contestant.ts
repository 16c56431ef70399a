import type { NewRow } from '@rapport/core/storage'

/** Where a page starts. */
export interface PagePlace {
  readonly stage: string
  readonly updatedAt: string
  readonly id: string
}

/** One way to do the same work on the same table. Rows belong to one tenant. */
export interface Contestant {
  readonly name: string
  insert(row: NewRow): Promise<void>
  insertBatch(rows: readonly NewRow[]): Promise<void>
  /** Stores a batch of a bulk load, the fastest way there is. */
  load(rows: readonly NewRow[]): Promise<void>
  read(id: string): Promise<unknown>
  /** Fifty rows of a stage behind a place, newest first. Returns how many came. */
  page(place: PagePlace): Promise<number>
  /** Fifty rows by id behind one, the first fifty behind the empty text. Returns how many came. */
  pageBehind(id: string): Promise<number>
  /** Sets two fields of a row if it has that version. Throws when it has not. */
  update(id: string, version: number, orders: number): Promise<void>
  close(): Promise<void>
}

export const tenantId = 'bench'
export const pageSize = 50
