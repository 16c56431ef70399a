export { ConformanceError } from './assertion.js'
export type { ConformanceReport, FailedCase, SkippedCase } from './conformance-report.js'
export { runStorageConformance, type StorageConformanceOptions } from './run-storage-conformance.js'
