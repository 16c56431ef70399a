import type { RunKind } from '../../entity/run-service.js'
import type { MergeRunParams } from './merge-result.js'
import type { MergeKinds } from './mergeable.js'

/** Merges records with too many relations for one batch. What does it is loaded when it is first needed. */
export function mergeRun(kinds: MergeKinds): RunKind<MergeRunParams> {
  return {
    kind: 'records.merge',
    execute: async (...work) => (await import('./merge-run.js')).runMerge(kinds, ...work),
  }
}

/** Takes a merge with many relations back. What does it is loaded when it is first needed. */
export function unmergeRun(kinds: MergeKinds): RunKind<MergeRunParams> {
  return {
    kind: 'records.unmerge',
    execute: async (...work) => (await import('./merge-run.js')).runUnmerge(kinds, ...work),
  }
}
