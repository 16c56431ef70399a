import type { ImportService } from './data-quality/import/index.js'
import { deferredService } from './entity/deferred-service.js'
import type { RunEngine, RunKind } from './entity/run-service.js'
import type { SessionContext } from './entity/session-context.js'

// Importing files with all that plans its rows is among the largest parts of a CRM, and few pages import: it is loaded when it is needed.
const importing = () => import('./crm-importing.js')

/** Imports of a session. */
export function createImportService(context: SessionContext, runs: RunEngine): ImportService {
  return deferredService(async () => (await importing()).importsOf(context, runs), {
    suggest: 'once',
    preview: 'once',
    start: 'once',
    errors: 'each',
    undo: 'once',
    conflicts: 'each',
  })
}

/** Imports a file, and takes an import back. `maxBatch` is the most that is written at once. */
export function importRuns(maxBatch: number): readonly RunKind<never>[] {
  return [
    { kind: 'import', execute: async (...work) => (await importing()).runImport(maxBatch, ...work) },
    { kind: 'import.undo', execute: async (...work) => (await importing()).runImportUndo(maxBatch, ...work) },
  ]
}
