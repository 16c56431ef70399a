import { createRecordReading, type RecordReading } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { type MergeRecord, mergeRecordEntity } from './merge-record-entity.js'

/** The merges of a session's tenant, to be looked at and taken back. They hold ids and names of fields, no values. */
export function createMergeHistory(context: SessionContext): RecordReading<MergeRecord> {
  return createRecordReading(context, mergeRecordEntity)
}
