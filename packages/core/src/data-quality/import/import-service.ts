import { requireRight } from '../../entity/commit-rights.js'
import { readOne } from '../../entity/record-reader.js'
import { type Run, runEntity } from '../../entity/run-entity.js'
import type { RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import type { MappedColumn } from './column-mapping.js'
import { type ImportBatch, importBatchId } from './import-batch-entity.js'
import type { ImportOptions, ImportPreview, ImportSuggestion, SuggestOptions } from './import-options.js'
import type { ImportRowError, UndoConflict } from './import-report.js'
import type { ImportParams } from './import-run.js'
import type { ImportTarget, ImportTargets } from './import-target.js'
import type { UndoParams } from './undo-run.js'

/** Imports of files. */
export interface ImportService {
  /** Where the columns of a file may go, told from their names and from up to 100 rows. Nothing is kept. */
  suggest(options: SuggestOptions): Promise<ImportSuggestion>
  /** A dry run over the first rows (1,000 when left out): what would become of them, and what is wrong. Nothing is written. */
  preview(options: ImportOptions & { readonly limit?: number }): Promise<ImportPreview>
  /**
   * Reads the file, puts its rows aside and starts the run that imports them; watch it with `runs.get` or `runs.wait`. Once this
   * returns the file is needed no more: after a crash any process goes on with the run. A row that is wrong is skipped and listed.
   * Throws `validation_failed` when the file cannot be read or the mapping is wrong; then nothing was imported.
   */
  start(options: ImportOptions): Promise<Run>
  /** Rows that were not imported, in the order of the file, page by page read. */
  errors(runId: string): AsyncGenerator<ImportRowError, void, undefined>
  /**
   * Starts the run that takes an import back: records it made are deleted, fields it changed get their values from before, unless
   * somebody changed them since; see {@link ImportService.conflicts}. Throws `rule_violated` while the import still runs.
   */
  undo(runId: string): Promise<Run>
  /** What an undo left as it is, and why. `runId` is that of the import. */
  conflicts(runId: string): AsyncGenerator<UndoConflict, void, undefined>
}

const previewRows = 1_000
const batchesPerRead = 20

/** Imports of a session. What reads files is loaded when it is first used. */
export function createImportService(context: SessionContext, runs: RunEngine, targets: ImportTargets): ImportService {
  const targetNamed = (object: string): ImportTarget => {
    const target = targets.get(object)
    if (!target) throw invalidField('object', `must be one of ${[...targets.keys()].join(', ')}`)
    return target
  }
  return {
    async suggest({ file, object, ...source }) {
      const target = targetNamed(object)
      const { suggestMapping } = await import('./suggest-mapping.js')
      return suggestMapping(context, target, file, source)
    },
    async preview({ limit = previewRows, ...options }) {
      if (!Number.isSafeInteger(limit) || limit < 1) throw invalidField('limit', 'must be a whole number of at least 1')
      const target = targetNamed(options.object)
      const { previewImport } = await import('./preview-import.js')
      return previewImport(context, target, targets, options, limit)
    },
    async start(options) {
      const target = targetNamed(options.object)
      await requireRight(context, runEntity, 'create')
      const { prepareImport } = await import('./prepare-import.js')
      const { table, columns, rules } = await prepareImport(context, target, targets, options)
      const { stageRows } = await import('./stage-rows.js')
      const importId = context.newId()
      const staged = await stageRows(context, importId, table, columns as readonly MappedColumn[], options.signal)
      const { mode, lists, empty } = rules
      const params: ImportParams = {
        importId,
        object: options.object,
        mode,
        ...(options.matchOn !== undefined && { matchOn: options.matchOn }),
        columns,
        lists,
        empty,
        ...staged,
        starter: context.actor,
      }
      return runs.start(context, 'import', { ...params })
    },
    async *errors(runId) {
      // A batch lists what was wrong when it was put aside before what its import found.
      for await (const { errors } of batchesOf(context, await importOf(context, runId)))
        yield* errors.toSorted((a, b) => a.row - b.row)
    },
    async undo(runId) {
      const { importId, object, batches } = await importOf(context, runId, true)
      const params: UndoParams = { importId, object, runId, batches, starter: context.actor }
      return runs.start(context, 'import.undo', { ...params })
    },
    async *conflicts(runId) {
      for await (const { conflicts } of batchesOf(context, await importOf(context, runId))) yield* conflicts
    },
  }
}

/** The parameters of an import's run, which the actor may read. */
async function importOf(context: SessionContext, runId: string, mustHaveEnded = false): Promise<ImportParams> {
  const run = await readOne(context, runEntity, runId)
  if (run.kind !== 'import') throw invalidField('runId', 'must be the id of the run of an import')
  if (mustHaveEnded && (run.status === 'queued' || run.status === 'running')) {
    throw new CrmError('rule_violated', 'The import still runs', {
      entity: 'run',
      id: runId,
      field: 'status',
      remedy: 'wait for it, or cancel it first',
    })
  }
  return run.params as unknown as ImportParams
}

async function* batchesOf(context: SessionContext, { importId, batches }: ImportParams): AsyncGenerator<ImportBatch> {
  for (let start = 0; start < batches; start += batchesPerRead) {
    const count = Math.min(batchesPerRead, batches - start)
    const ids = Array.from({ length: count }, (_, index) => importBatchId(importId, start + index))
    for (const row of await context.storage.getMany('importBatch', ids)) if (row) yield row as ImportBatch
  }
}
