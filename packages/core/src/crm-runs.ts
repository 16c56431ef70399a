import { importRuns } from './crm-imports.js'
import { mergeRuns } from './crm-merges.js'
import { forgetBehaviourRun } from './engagement/index.js'
import { recomputeRun } from './entity/custom-fields/recompute-run.js'
import { encryptionRenewalRun } from './entity/encryption/renewal-run.js'
import type { RunKind } from './entity/run-service.js'
import { searchRebuildRun } from './entity/search/search-index.js'
import { type ScoringComputation, scoreRefreshRun } from './insights/index.js'
import { handOverRun, recycleRun, undoMovesRun } from './ownership/index.js'
import { erasureRun, retentionRun } from './security/index.js'

/** What decides how the runs of a CRM work. */
export interface RunSettings {
  readonly scoring: ScoringComputation | undefined
  /** The most that is written at once. */
  readonly maxBatch: number
  readonly encrypts: boolean
}

/** Every kind of long work of a CRM. */
export function crmRuns({ scoring, maxBatch, encrypts }: RunSettings): readonly RunKind<never>[] {
  const kinds: readonly unknown[] = [
    scoreRefreshRun(scoring),
    ...mergeRuns,
    // Encryption adds a check to the batch.
    ...importRuns(encrypts ? maxBatch - 1 : maxBatch),
    encryptionRenewalRun,
    erasureRun,
    retentionRun,
    recomputeRun,
    searchRebuildRun,
    handOverRun(maxBatch),
    recycleRun(maxBatch),
    undoMovesRun,
    forgetBehaviourRun,
  ]
  return kinds as readonly RunKind<never>[]
}
