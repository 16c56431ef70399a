import type { ConformanceReport } from './conformance-report.js'
import { runStorageConformance } from './run-storage-conformance.js'
import type { StorageConformance } from './storage-conformance-options.js'

/** One case that has run, for progress. */
export interface CaseOutcome {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly reason?: string
  /** How many cases are done, this one included, and how many there are. */
  readonly done: number
  readonly total: number
}

/** What {@link checkStorage} takes beside what is to be tested. */
export interface CheckStorageOptions extends StorageConformance {
  /** Called after each case. */
  readonly onCase?: (outcome: CaseOutcome) => unknown
}

/**
 * Runs the kit without any test runner, one case after the other, and answers with the report, which `onReport` receives too. Cases
 * that fail are in the report; it rejects only where the run itself cannot be done, for the reasons of `runStorageConformance` or
 * because `dispose` failed.
 */
export async function checkStorage({ onCase, ...options }: CheckStorageOptions): Promise<ConformanceReport> {
  const cases: { readonly name: string; readonly run?: () => Promise<void>; readonly reason?: string }[] = []
  let report: ConformanceReport | undefined
  await runStorageConformance({
    ...options,
    test: (name, run) => cases.push({ name, run }),
    skip: (name, reason) => cases.push({ name, reason }),
    async onReport(outcome) {
      report = outcome
      await options.onReport?.(outcome)
    },
  })
  // The last one makes the report, and is no case of the contract.
  const last = cases.pop()
  for (const [index, { name, run, reason }] of cases.entries()) {
    const place = { name, done: index + 1, total: cases.length }
    if (!run) {
      await onCase?.({ ...place, outcome: 'skipped', ...(reason !== undefined && { reason }) })
      continue
    }
    const failure = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    if (failure === undefined) await onCase?.({ ...place, outcome: 'passed' })
    else await onCase?.({ ...place, outcome: 'failed', reason: failure })
  }
  await last?.run?.()
  if (!report) throw new Error('The run ended without a report')
  return report
}
