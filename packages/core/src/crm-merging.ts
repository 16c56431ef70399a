import { scanDuplicates } from './data-quality/duplicates/duplicate-scan.js'
import { createDuplicateService, type DuplicateService } from './data-quality/duplicates/duplicate-service.js'
import { runMerge, runUnmerge } from './data-quality/merge/merge-run.js'
import { createMergeService, type MergeService } from './data-quality/merge/merge-service.js'
import { sweepMerge } from './data-quality/merge/merge-sweep.js'
import type { RunEngine, RunKind } from './entity/run-service.js'
import type { SessionContext } from './entity/session-context.js'
import { matchKinds, mergeKinds } from './merge-kinds.js'

type Execute = RunKind<never>['execute']

/** Merging of one kind of record in a session. */
export function mergesOf(context: SessionContext, objectType: string, runs: RunEngine): MergeService {
  return createMergeService(context, mergeKinds, objectType, runs)
}

/** Duplicates of a session. */
export function duplicatesOf(context: SessionContext, runs: RunEngine): DuplicateService {
  return createDuplicateService(context, runs, matchKinds)
}

/** The work of a merge. */
export function mergeInRun(...work: Parameters<Execute>): ReturnType<Execute> {
  return runMerge(mergeKinds, ...work)
}

/** The work of taking a merge back. */
export function unmergeInRun(...work: Parameters<Execute>): ReturnType<Execute> {
  return runUnmerge(mergeKinds, ...work)
}

/** The work of looking for duplicates. */
export function scanInRun(...work: Parameters<Execute>): ReturnType<Execute> {
  return scanDuplicates({ matchKinds, mergeKinds }, ...work)
}

/** Moves what came to refer to merged records too late. */
export function sweepOf(context: SessionContext, mergeId: string): Promise<void> {
  return sweepMerge(context, mergeKinds, mergeId)
}
