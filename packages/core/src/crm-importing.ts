import { importTargets } from './crm-import-targets.js'
import { createImportService, type ImportService, importRun, undoRun } from './data-quality/import/index.js'
import type { RunEngine, RunKind } from './entity/run-service.js'
import type { SessionContext } from './entity/session-context.js'

type Execute = RunKind<never>['execute']

const targets = importTargets()

/** Imports of a session into what this CRM can be filled with. */
export function importsOf(context: SessionContext, runs: RunEngine): ImportService {
  return createImportService(context, runs, targets)
}

/** The work of an import. */
export function runImport(maxBatch: number, ...work: Parameters<Execute>): ReturnType<Execute> {
  return importRun(targets, maxBatch).execute(...work)
}

/** The work of taking an import back. */
export function runImportUndo(maxBatch: number, ...work: Parameters<Execute>): ReturnType<Execute> {
  return undoRun(targets, maxBatch).execute(...work)
}
