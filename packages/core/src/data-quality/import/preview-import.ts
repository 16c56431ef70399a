import type { SessionContext } from '../../entity/session-context.js'
import type { StagedRow } from './import-batch-entity.js'
import type { ImportOptions, ImportPreview } from './import-options.js'
import { addCounts, type ImportRowError, noRows } from './import-report.js'
import type { ImportTarget, ImportTargets } from './import-target.js'
import { planRows } from './plan-rows.js'
import { prepareImport } from './prepare-import.js'
import { mappedRows } from './stage-rows.js'

const rowsPerPlan = 1_000

/** Plans the first rows of an import and commits none. */
export async function previewImport(
  context: SessionContext,
  target: ImportTarget,
  targets: ImportTargets,
  options: ImportOptions,
  limit: number,
): Promise<ImportPreview> {
  const { table, columns, rules } = await prepareImport(context, target, targets, options)
  const rows = mappedRows(table, columns)
  const errors: ImportRowError[] = []
  let counts = noRows
  let seen = 0
  let more = false
  let waiting: StagedRow[] = []
  const plan = async (): Promise<void> => {
    while (waiting.length > 0) {
      const { planned } = await planRows(context, rules, waiting, Number.POSITIVE_INFINITY)
      for (const { outcome, errors: own } of planned) {
        counts = addCounts(counts, { ...noRows, [outcome]: 1 })
        errors.push(...own)
      }
      waiting = waiting.slice(planned.length)
    }
  }
  try {
    for await (const row of rows) {
      if (seen === limit) {
        more = true
        break
      }
      seen++
      if ('code' in row) {
        errors.push(row)
        counts = addCounts(counts, { ...noRows, failed: 1 })
      } else waiting.push(row)
      if (waiting.length === rowsPerPlan) await plan()
    }
    await plan()
  } finally {
    await table.rows.return()
  }
  errors.sort((a, b) => a.row - b.row)
  return { columns: table.columns, rows: seen, more, counts, errors }
}
