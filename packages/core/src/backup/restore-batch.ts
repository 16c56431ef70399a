import { isCrmError } from '../kernel/crm-error.js'
import { parseOrderTerm } from '../storage/entity-def.js'
import { allOf } from '../storage/filter.js'
import type { Row, Scalar } from '../storage/row.js'
import type { Write } from '../storage/write.js'
import { type BackupLine, corruptBackup } from './backup-format.js'
import type { Restoration } from './restoration.js'

interface NumberedLine {
  readonly line: BackupLine
  readonly number: number
}

interface NumberedRow {
  readonly line: Extract<BackupLine, { row: Row }>
  readonly number: number
}

const mostLines = 500
const mostCharacters = 1024 * 1024

/** Lines of a backup on their way into a tenant: collected, and written in atomic batches. */
export class RestoreBatch {
  readonly #restoration: Restoration
  /** Rows in the way of a unique value may be removed: their newer state, or their end, is still to come. */
  readonly #mayEvict: boolean
  #pending = new Map<string, NumberedLine>()
  #characters = 0
  /** Rows written so far and still there. */
  rows = 0

  constructor(restoration: Restoration, mayEvict: boolean) {
    this.#restoration = restoration
    this.#mayEvict = mayEvict
  }

  /** Takes a line with its number and its length, and writes what was collected when it is enough. */
  async add(line: BackupLine, number: number, characters: number): Promise<void> {
    const record = `${line.entity} ${line.kind === 'gone' ? line.id : line.row.id}`
    if (this.#pending.has(record)) await this.flush()
    this.#pending.set(record, { line, number })
    this.#characters += characters
    if (this.#pending.size >= mostLines || this.#characters >= mostCharacters) await this.flush()
  }

  async flush(): Promise<void> {
    const taken = [...this.#pending.values()]
    this.#pending = new Map()
    this.#characters = 0
    // A row is taken away before its newer state comes: only an insert keeps the version it is given.
    await this.#remove(taken.flatMap(({ line }) => (line.kind === 'row' ? [] : [line])))
    const rows = taken.filter((each): each is NumberedRow => each.line.kind !== 'gone')
    if (rows.length > 0) await this.#insert(rows)
  }

  async #insert(rows: readonly NumberedRow[]): Promise<void> {
    try {
      await this.#restoration.write(rows.map(({ line: { entity, row } }) => ({ do: 'insert', entity, row })))
      this.rows += rows.length
    } catch (error) {
      if (!isCrmError(error)) throw error
      const { reason, writeIndex = 0 } = error.details
      if (reason === 'unique' && this.#mayEvict) return this.#insertEvicting(rows)
      // The first write of the batch is the check of the mark.
      const wrong = rows[writeIndex - 1]
      if (wrong && (error.code === 'validation_failed' || reason === 'exists')) throw corruptBackup(wrong.number, error)
      throw error
    }
  }

  async #insertEvicting(rows: readonly NumberedRow[]): Promise<void> {
    for (const row of rows) {
      const rivals = await this.#rivalsOf(row.line)
      if (rivals.length > 0) {
        await this.#restoration.write(rivals)
        this.rows -= rivals.length
      }
      await this.#restoration.write([{ do: 'insert', entity: row.line.entity, row: row.line.row }])
      this.rows++
    }
  }

  async #remove(lines: readonly BackupLine[]): Promise<void> {
    const doomed: Write[] = []
    for (const entity of new Set(lines.map((line) => line.entity))) {
      const ids = lines
        .filter((line) => line.entity === entity)
        .map((line) => (line.kind === 'gone' ? line.id : line.row.id))
      const held = await this.#restoration.storage.getMany(entity, ids)
      for (const row of held) if (row) doomed.push({ do: 'delete', entity, id: row.id })
    }
    if (doomed.length === 0) return
    await this.#restoration.write(doomed)
    this.rows -= doomed.length
  }

  /** Removal of the rows that hold the same values in a unique index. */
  async #rivalsOf({ entity, row }: NumberedRow['line']): Promise<Write[]> {
    const rivals = new Set<string>()
    for (const { on, unique } of this.#restoration.definitionOf(entity).indexes) {
      const paths = on.map((term) => parseOrderTerm(term).path)
      if (!unique || paths.some((path) => row[path] === undefined)) continue
      const where = allOf(...paths.map((path) => ({ op: 'eq', path, value: row[path] as Scalar }) as const))
      const found = await this.#restoration.storage.find({ entity, where, order: ['id'], limit: 1 })
      for (const { id } of found.rows) rivals.add(id)
    }
    return [...rivals].map((id) => ({ do: 'delete', entity, id }))
  }
}
