import { createHash } from 'node:crypto'
import { CrmError, uniqueConflict, type Write, type WriteResult } from '@rapport/core/storage'
import type { DataFiles } from './data-directory.js'
import { decodeLog, encodeLine } from './log-line.js'
import { type Definitions, TenantRows } from './tenant-rows.js'

/** A log is written anew when it has become twice as long as its rows need, from this many bytes on. */
const leastCompaction = 64 * 1024
const rowsPerLine = 500

/** The file of a tenant. Ids may differ by case alone, and file systems may not see that. */
export function logName(tenantId: string): string {
  return `${createHash('sha256').update(tenantId).digest('hex')}.log`
}

/** One tenant: its rows in memory, and the log they come from. */
export class TenantLog {
  readonly tenantId: string
  readonly #files: DataFiles
  readonly #name: string
  #rows: TenantRows
  /** In bytes; 0 until the file is made. */
  #length: number
  #compacted: number
  #turn: Promise<unknown> = Promise.resolve()
  #isUncertain = false

  constructor(files: DataFiles, tenantId: string, rows: TenantRows, length = 0) {
    this.#files = files
    this.tenantId = tenantId
    this.#name = logName(tenantId)
    this.#rows = rows
    this.#length = length
    this.#compacted = length
  }

  get rows(): TenantRows {
    return this.#rows
  }

  /** An append failed: nobody knows whether its line is there until the log is read again. */
  get isUncertain(): boolean {
    return this.#isUncertain
  }

  // #region load
  /** Reads a log, and cuts off what a crash left half written. `undefined` when there is none. */
  static async load(files: DataFiles, name: string, definitions: Definitions): Promise<TenantLog | undefined> {
    const bytes = await files.read(name)
    if (!bytes) return undefined
    const { entries, length, isCorrupt } = decodeLog(bytes)
    const [head, ...batches] = entries
    if (isCorrupt || !head || !('tenantId' in head)) throw corruptLog()
    if (length < bytes.length) await files.truncate(name, length)
    const rows = new TenantRows(definitions)
    for (const entry of batches) if ('changes' in entry) rows.apply(entry.changes)
    return new TenantLog(files, head.tenantId, rows, length)
  }
  // #endregion

  // #region write
  /** A batch is on the disk before anybody sees it, here or in the answer. Batches come one after the other. */
  write(batch: readonly Write[]): Promise<WriteResult[]> {
    return this.#inTurn(async () => {
      const { results, changes } = this.#rows.tryOut(batch)
      if (changes.length === 0) return results
      const line = encodeLine({ changes })
      try {
        if (this.#length > 0) await this.#files.append(this.#name, line)
        else await this.#files.replace(this.#name, this.#head() + line)
      } catch (error) {
        this.#isUncertain = true
        throw unknownOutcome(error)
      }
      this.#rows.apply(changes)
      this.#length += Buffer.byteLength(line)
      if (this.#length > leastCompaction + 2 * this.#compacted) await this.#compact()
      return results
    })
  }

  /** When the writes begun so far have come to an end. */
  async settled(): Promise<void> {
    await this.#turn
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      if (this.#isUncertain) throw notWritten()
      return work()
    })
    this.#turn = turn.catch(() => {})
    return turn
  }
  // #endregion

  // #region compact
  /** Writes the rows as they are; what they once were is left behind. Where that fails, the log is as good as before. */
  async #compact(): Promise<void> {
    const lines = [this.#head()]
    const changes = [...this.#rows.changes()]
    for (let start = 0; start < changes.length; start += rowsPerLine)
      lines.push(encodeLine({ changes: changes.slice(start, start + rowsPerLine) }))
    const text = lines.join('')
    const isDone = await this.#files.replace(this.#name, text).then(
      () => true,
      () => false,
    )
    if (isDone) this.#length = Buffer.byteLength(text)
    this.#compacted = this.#length
  }

  #head(): string {
    return encodeLine({ tenantId: this.tenantId })
  }
  // #endregion

  // #region redefine
  /** The same rows under other definitions. Throws `conflict` when a unique index does not hold. */
  redefined(definitions: Definitions): TenantRows {
    const rows = new TenantRows(definitions)
    for (const change of this.#rows.changes()) {
      if (!definitions.has(change.entity)) continue
      const rival = change.row && rows.rivalIndex(change.entity, change.row)
      if (rival !== undefined) throw uniqueConflict(change.entity, rival, undefined, change.id)
      rows.apply([change])
    }
    return rows
  }

  redefine(definitions: Definitions): Promise<void> {
    return this.#inTurn(async () => {
      this.#rows = this.redefined(definitions)
    })
  }
  // #endregion
}

// #region errors
function unknownOutcome(cause: unknown): CrmError {
  return new CrmError(
    'storage_failed',
    'The file could not be written to its end',
    { reason: 'unknown_outcome', retriable: false, remedy: 'read the records, then repeat what is missing' },
    { cause },
  )
}

function notWritten(): CrmError {
  return new CrmError('storage_failed', 'A write before this one failed; nothing was written', {
    reason: 'io',
    retriable: true,
  })
}

function corruptLog(): CrmError {
  return new CrmError('storage_failed', 'A log is damaged before its end', {
    reason: 'corrupt',
    retriable: false,
    remedy: 'restore the tenant from a backup',
  })
}
// #endregion
