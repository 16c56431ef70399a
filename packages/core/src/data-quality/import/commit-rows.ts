import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, isCrmError } from '../../kernel/crm-error.js'
import type { ChangedRecord, ImportBatch, OtherRecord } from './import-batch-entity.js'
import type { ImportRowError } from './import-report.js'
import type { ImportTarget } from './import-target.js'
import { isRowError, type PlannedRow, planRows, type RowRules, rowErrors } from './plan-rows.js'

/** How often a row is planned anew because somebody else was faster. */
const attemptsPerRow = 20

/** Reads a batch. Throws `not_found` when its rows were removed. */
export async function readBatch(context: SessionContext, id: string): Promise<ImportBatch> {
  const [row] = await context.storage.getMany('importBatch', [id])
  if (!row) throw new CrmError('not_found', 'The rows of the import are gone', { entity: 'importBatch', id })
  return row as ImportBatch
}

/** Commits planned rows with the note of what became of them, and gives back the batch as it stands then. */
export async function commitRows(
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
  const others: OtherRecord[] = [...(batch.others ?? [])]
  const counts = { ...batch.counts }
  for (const row of planned) {
    counts[row.outcome]++
    errors.push(...row.errors)
    if (row.id === undefined) continue
    others.push(...othersMade(context, target, row.id, row.changes))
    if (row.outcome === 'created') created.push([row.id, 1])
    else updated.push([row.id, versionBefore(target, row) + 1])
  }
  const values = {
    rows: finished ? null : batch.rows,
    done,
    created,
    updated,
    ...(others.length > 0 && { others }),
    counts,
    errors,
  }
  const changes = planned.flatMap((row) => row.changes)
  try {
    const result = await commit(context, [
      ...changes,
      { kind: 'update', entity: 'importBatch', before: batch, values, implied: true },
    ])
    await target.settle?.(context, changes)
    return result.row('importBatch', batch.id) as ImportBatch
  } catch (error) {
    if (isRowError(error) && error.details.entity === 'importBatch') throw takenOver()
    throw error
  }
}

/** Commits what is left of a batch, row by row where it must be. `saved` hears of every commit. */
export async function commitBatch(
  context: SessionContext,
  rules: RowRules,
  given: ImportBatch,
  maxBatch: number,
  saved: (batch: ImportBatch) => Promise<void>,
): Promise<void> {
  let batch = given
  let size = Number.POSITIVE_INFINITY
  let attempt = 0
  while (batch.rows !== undefined) {
    const left = batch.rows.slice(batch.done, batch.done + size)
    // One write is the batch itself.
    const { planned } = await planRows(context, rules, left, maxBatch - 1)
    try {
      batch = await commitRows(context, rules, batch, planned)
      size = size * 2
      attempt = 0
    } catch (error) {
      if (!isRowError(error)) throw error
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
}

function othersMade(
  { registry }: SessionContext,
  { entity }: ImportTarget,
  by: string,
  changes: readonly EntityChange[],
): OtherRecord[] {
  return changes.flatMap((change) =>
    change.kind === 'create' && change.entity !== entity.name && registry.get(change.entity).kind === 'record'
      ? [[change.entity, change.id, by] as const]
      : [],
  )
}

function versionBefore({ entity }: ImportTarget, { id, changes }: PlannedRow): number {
  const change = changes.find((one) => one.entity === entity.name && 'before' in one && one.before.id === id)
  return change && 'before' in change ? change.before.version : 0
}

function takenOver(): CrmError {
  return new CrmError('aborted', 'Another worker goes on with the import', { reason: 'taken_over' })
}
