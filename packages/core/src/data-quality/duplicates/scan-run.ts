import type { RunKind } from '../../entity/run-service.js'
import type { MergeKinds } from '../merge/mergeable.js'
import type { MatchKinds } from './matching-engine.js'
import type { ScanParams } from './scan-params.js'

/** Looks for records that may be the same. What does it is loaded when it is first needed. */
export function duplicateScanRun(matchKinds: MatchKinds, mergeKinds: MergeKinds): RunKind<ScanParams> {
  return {
    kind: 'duplicates.scan',
    execute: async (...work) =>
      (await import('./duplicate-scan.js')).scanDuplicates({ matchKinds, mergeKinds }, ...work),
  }
}
