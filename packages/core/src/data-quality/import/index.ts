export type { CellStyle } from './coerce-cell.js'
export type { ColumnTarget, ImportMapping } from './column-mapping.js'
export { importBatchEntity } from './import-batch-entity.js'
export type { ImportRowError, RowCounts, RowOutcome, UndoConflict } from './import-report.js'
export { importRun } from './import-run.js'
export {
  createImportService,
  type ImportOptions,
  type ImportPreview,
  type ImportService,
  type ImportSuggestion,
  type SuggestOptions,
} from './import-service.js'
export type { ImportFile } from './import-source.js'
export type { ImportTarget, KeyOwners, MatchKey, RowInput } from './import-target.js'
export { fieldKey } from './match-key.js'
export type { ImportMode } from './plan-rows.js'
export type { ImportFormat } from './source-table.js'
export type { ColumnSuggestion, FieldSuggestion } from './suggest-mapping.js'
export type { TextEncoding } from './text-encoding.js'
export { undoRun } from './undo-run.js'
