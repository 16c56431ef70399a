export type { CsvExportOptions, ExportOptions, ExportRelation } from './export-options.js'
export { createExportService, type ExportService } from './export-service.js'
