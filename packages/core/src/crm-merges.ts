import type { DuplicateService, MergeService } from './data-quality/index.js'
import { deferredService } from './entity/deferred-service.js'
import type { RunEngine, RunKind } from './entity/run-service.js'
import type { SessionContext } from './entity/session-context.js'

// Merging and what all domains tell of it is loaded when it is needed: few pages merge.
const merging = () => import('./crm-merging.js')

/** Merging of one kind of record in a session. */
export function createMergeService(context: SessionContext, objectType: string, runs: RunEngine): MergeService {
  return deferredService(async () => (await merging()).mergesOf(context, objectType, runs), {
    merge: 'once',
    unmerge: 'once',
    resolveId: 'once',
  })
}

/** Duplicates of a session. */
export function createDuplicateService(context: SessionContext, runs: RunEngine): DuplicateService {
  return deferredService(async () => (await merging()).duplicatesOf(context, runs), {
    scan: 'once',
    find: 'once',
    dismiss: 'once',
  })
}

/** Merges records with too many relations for one batch, takes such a merge back, and looks for records that may be the same. */
export const mergeRuns: readonly RunKind<never>[] = [
  { kind: 'records.merge', execute: async (...work) => (await merging()).mergeInRun(...work) },
  { kind: 'records.unmerge', execute: async (...work) => (await merging()).unmergeInRun(...work) },
  { kind: 'duplicates.scan', execute: async (...work) => (await merging()).scanInRun(...work) },
]
