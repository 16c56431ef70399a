import type { Actor } from '../../access/actor.js'
import { commit } from '../../entity/commit.js'
import type { Checkpoint, RunKind } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, isCrmError } from '../../kernel/crm-error.js'
import type { MappedColumn } from './column-mapping.js'
import type { ChangedRecord, ImportBatch } from './import-batch-entity.js'
import { importBatchId } from './import-batch-entity.js'
import { addCounts, type ImportRowError, noRows, type RowCounts } from './import-report.js'
import type { ImportTarget } from './import-target.js'
import { matchKeyNamed } from './match-key.js'
import { type ImportMode, isRowError, type PlannedRow, planRows, type RowRules, rowErrors } from './plan-rows.js'
import type { EmptyCells } from './row-input.js'

/** What an import was asked to do. Plain data, kept with its run. */
export interface ImportParams {
  readonly importId: string
  readonly object: string
  readonly mode: ImportMode
  readonly matchOn?: string
  readonly columns: readonly MappedColumn[]
  readonly lists: 'add' | 'replace'
  readonly empty: EmptyCells
  readonly rows: number
  readonly batches: number
  /** Who started it: the import may do what they may. */
  readonly starter: Actor
}

/** Entities that files are imported into, by name. */
export type ImportTargets = ReadonlyMap<string, ImportTarget>

/** How often a row is planned anew because somebody else was faster. */
const attemptsPerRow = 20

/**
 * The work of an import: batch after batch, each one's rows planned together and committed with the note of what became of them.
 * Wherever it is interrupted, it goes on behind the last commit and no row is imported twice.
 */
export function importRun(targets: ImportTargets, maxBatch: number): RunKind<ImportParams> {
  return {
    kind: 'import',
    async execute(context, params, checkpoint) {
      const target = targets.get(params.object)
      if (!target)
        throw new CrmError('unsupported', 'This version imports nothing into that object', { field: 'object' })
      const rules: RowRules = {
        target,
        columns: params.columns,
        mode: params.mode,
        lists: params.lists,
        empty: params.empty,
        ...(params.matchOn !== undefined && { match: matchKeyNamed(target, params.matchOn) }),
      }
      const starter = context.as(params.starter)
      const past = await pastOf(context, params)
      let { done, counts } = past
      // An attempt that died behind its last commit told nobody.
      await saveProgress(checkpoint, params, past.sequence, done, counts)
      for (let sequence = past.sequence; sequence < params.batches; sequence++) {
        const before = { done, counts }
        await importBatch(starter, rules, importBatchId(params.importId, sequence), maxBatch, async (batch) => {
          done = before.done + handled(batch)
          counts = addCounts(before.counts, batch.counts)
          await saveProgress(checkpoint, params, sequence, done, counts)
        })
      }
      return { ...counts }
    },
  }
}

/** Where an earlier attempt left off, told by the batches themselves: the checkpoint may be behind them. */
async function pastOf(
  context: SessionContext,
  { importId, batches }: ImportParams,
): Promise<{ readonly sequence: number; readonly done: number; readonly counts: RowCounts }> {
  let done = 0
  let counts = noRows
  const pageSize = 100
  for (let start = 0; start < batches; start += pageSize) {
    const count = Math.min(pageSize, batches - start)
    const ids = Array.from({ length: count }, (_, index) => importBatchId(importId, start + index))
    const page = await context.storage.getMany('importBatch', ids)
    for (const [index, row] of page.entries()) {
      const batch = row as ImportBatch | undefined
      if (!batch || batch.rows !== undefined) return { sequence: start + index, done, counts }
      done += handled(batch)
      counts = addCounts(counts, batch.counts)
    }
  }
  return { sequence: batches, done, counts }
}

/** Rows of a batch that are done, one way or the other. */
function handled({ counts }: ImportBatch): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function saveProgress(
  checkpoint: Checkpoint,
  params: ImportParams,
  sequence: number,
  done: number,
  counts: RowCounts,
): Promise<void> {
  return checkpoint.save({ cursor: { sequence }, done, total: params.rows, counts: { ...counts } })
}

/** Does what is left of a batch. `saved` hears of every commit. */
async function importBatch(
  context: SessionContext,
  rules: RowRules,
  batchId: string,
  maxBatch: number,
  saved: (batch: ImportBatch) => Promise<void>,
): Promise<void> {
  let batch = await readBatch(context, batchId)
  let size = Number.POSITIVE_INFINITY
  let attempt = 0
  while (batch.rows !== undefined) {
    const left = batch.rows.slice(batch.done, batch.done + size)
    // One write is the batch itself.
    const planned = await planRows(context, rules, left, maxBatch - 1)
    try {
      batch = await commitRows(context, rules, batch, planned)
      size = size * 2
      attempt = 0
    } catch (error) {
      if (!isRowError(error)) throw error
      if (error.details.entity === 'importBatch') throw takenOver()
      attempt++
      if (planned.length > 1) {
        size = planned.length >> 1
        continue
      }
      const mayPass = isCrmError(error, 'conflict') && error.details.reason === 'version' && attempt < attemptsPerRow
      if (mayPass) continue
      const [lone] = planned as [PlannedRow]
      const errors = rowErrors(rules.columns, lone.row, error)
      batch = await commitRows(context, rules, batch, [{ row: lone.row, outcome: 'failed', changes: [], errors }])
      attempt = 0
    }
    await saved(batch)
  }
  await saved(batch)
}

async function readBatch(context: SessionContext, id: string): Promise<ImportBatch> {
  const [row] = await context.storage.getMany('importBatch', [id])
  if (!row) throw new CrmError('not_found', 'The rows of the import are gone', { entity: 'importBatch', id })
  return row as ImportBatch
}

/** Commits planned rows with the note of what became of them, and gives back the batch as it stands then. */
async function commitRows(
  context: SessionContext,
  { target }: RowRules,
  batch: ImportBatch,
  planned: readonly PlannedRow[],
): Promise<ImportBatch> {
  const done = batch.done + planned.length
  const finished = done >= (batch.rows?.length ?? 0)
  const errors: ImportRowError[] = [...batch.errors]
  const created: ChangedRecord[] = [...batch.created]
  const updated: ChangedRecord[] = [...batch.updated]
  const counts = { ...batch.counts }
  for (const row of planned) {
    counts[row.outcome]++
    errors.push(...row.errors)
    if (row.id === undefined) continue
    if (row.outcome === 'created') created.push([row.id, 1])
    else updated.push([row.id, versionBefore(target, row) + 1])
  }
  const values = { rows: finished ? null : batch.rows, done, created, updated, counts, errors }
  const result = await commit(context, [
    ...planned.flatMap(({ changes }) => changes),
    { kind: 'update', entity: 'importBatch', before: batch, values, implied: true },
  ])
  return result.row('importBatch', batch.id) as ImportBatch
}

function versionBefore({ entity }: ImportTarget, { id, changes }: PlannedRow): number {
  const change = changes.find((one) => one.entity === entity.name && 'before' in one && one.before.id === id)
  return change && 'before' in change ? change.before.version : 0
}

function takenOver(): CrmError {
  return new CrmError('aborted', 'Another worker goes on with the import', { reason: 'taken_over' })
}
