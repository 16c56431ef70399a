import type { DuplicateService, MergeService } from './data-quality/index.js'
import { deferredService } from './entity/deferred-service.js'
import type { RunEngine, RunKind } from './entity/run-service.js'
import type { SessionContext } from './entity/session-context.js'
import { instantOf } from './kernel/instant.js'
import type { SystemReader } from './storage/storage-adapter.js'

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

const sweptAtOnce = 100

/** Moves what came to refer to merged records too late for their merges, of all tenants. One that fails is in nobody's way. */
export async function sweepMerges(
  reader: SystemReader,
  now: number,
  contextFor: (tenantId: string) => SessionContext,
): Promise<void> {
  const due = await reader.find({
    entity: 'mergeRecord',
    where: { op: 'lte', path: 'sweepAt', value: instantOf(now) },
    order: ['sweepAt', 'id'],
    limit: sweptAtOnce,
  })
  if (due.length === 0) return
  const { sweepOf } = await merging()
  const failures: unknown[] = []
  for (const { tenantId, row } of due)
    await sweepOf(contextFor(tenantId), row.id).catch((error: unknown) => void failures.push(error))
  if (failures.length > 0) throw failures[0]
}
