import { commit } from '../../entity/commit.js'
import type { SessionContext } from '../../entity/session-context.js'
import { throwIfAborted } from '../../kernel/crm-error.js'
import { isStorableText } from '../../kernel/text-safety.js'
import type { Cell } from './coerce-cell.js'
import type { MappedColumn } from './column-mapping.js'
import { importBatchId, type StagedRow } from './import-batch-entity.js'
import { type ImportRowError, noRows } from './import-report.js'
import type { SourceTable } from './source-table.js'
import type { TableRow } from './table-row.js'

/** Few enough that little of a batch outlives it in memory, and enough that `copy` is worth its round trips. */
const rowsPerBatch = 250
/** Characters of the cells of a batch, more or less. */
const sizePerBatch = 1024 * 1024

/** What was put aside of a file. */
export interface Staged {
  readonly rows: number
  readonly batches: number
}

/** The rows of a table with the cells of the mapped columns; a row that cannot be read comes as its error. */
export async function* mappedRows(
  table: SourceTable,
  columns: readonly MappedColumn[],
): AsyncGenerator<StagedRow | ImportRowError, void, undefined> {
  const places = columns.map(({ column }) => table.columns.indexOf(column))
  for await (const row of table.rows) yield mappedRow(row, columns, places)
}

/**
 * Puts the mapped cells of a file aside, batch by batch, so that the import needs the file no more: any process can go on with it.
 * Memory stays the same at any size. What is there is removed when the file turns out to be unreadable.
 */
export async function stageRows(
  context: SessionContext,
  importId: string,
  table: SourceTable,
  columns: readonly MappedColumn[],
  signal?: AbortSignal,
): Promise<Staged> {
  let sequence = 0
  let total = 0
  let size = 0
  let rows: StagedRow[] = []
  let errors: ImportRowError[] = []
  // One batch is written while the next one is read.
  let writing: Promise<unknown> = Promise.resolve()
  const flush = async (): Promise<void> => {
    await writing
    if (rows.length + errors.length === 0) return
    throwIfAborted(signal)
    const values = {
      importId,
      sequence,
      rows,
      done: 0,
      created: [],
      updated: [],
      counts: { ...noRows, failed: errors.length },
      errors,
      undone: false,
      conflicts: [],
    }
    const id = importBatchId(importId, sequence)
    writing = commit(context, [{ kind: 'create', entity: 'importBatch', id, values, implied: true }])
    // It is awaited later, perhaps after another error.
    writing.catch(() => {})
    total += rows.length + errors.length
    sequence++
    size = 0
    rows = []
    errors = []
  }
  try {
    for await (const row of mappedRows(table, columns)) {
      if ('code' in row) errors.push(row)
      else {
        rows.push(row)
        for (const cell of row[1]) size += typeof cell === 'string' ? cell.length : 16
      }
      if (rows.length + errors.length >= rowsPerBatch || size >= sizePerBatch) await flush()
    }
    await flush()
    await writing
  } catch (error) {
    await Promise.allSettled([writing])
    await unstage(context, importId, sequence)
    throw error
  }
  return { rows: total, batches: sequence }
}

async function unstage(context: SessionContext, importId: string, batches: number): Promise<void> {
  for (let start = 0; start < batches; start += rowsPerBatch) {
    const count = Math.min(rowsPerBatch, batches - start)
    const ids = Array.from({ length: count }, (_, index) => importBatchId(importId, start + index))
    await commit(
      context,
      ids.map((id) => ({ kind: 'unproject', entity: 'importBatch', id })),
    )
  }
}

function mappedRow(
  { row, cells, fault }: TableRow,
  columns: readonly MappedColumn[],
  places: readonly number[],
): StagedRow | ImportRowError {
  if (fault !== undefined) return { row, code: 'validation_failed', message: fault }
  const mapped = places.map((place) => cells[place] ?? null)
  const broken = mapped.findIndex((cell) => !isStorable(cell))
  if (broken < 0) return [row, mapped]
  const { column, field } = columns[broken] as MappedColumn
  const message = 'must not hold U+0000 or half a surrogate pair'
  return { row, column, field: field.path, code: 'validation_failed', message }
}

function isStorable(cell: Cell): boolean {
  if (typeof cell === 'string') return isStorableText(cell)
  return typeof cell !== 'object' || cell === null || isStorableText(deepText(cell))
}

/** All texts of a structured cell, one after the other. */
function deepText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([name, inner]) => name + deepText(inner))
        .join(' ')
    : ''
}
