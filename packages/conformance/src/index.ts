export { ConformanceError } from './assertion.js'
export type { ConformanceReport, FailedCase, SkippedCase } from './conformance-report.js'
export { runStorageConformance } from './run-storage-conformance.js'
export type { StorageConformanceOptions } from './storage-conformance-options.js'
