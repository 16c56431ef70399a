import type { ConformanceReport, StorageConformanceOptions } from '../index.js'
import { runStorageConformance } from '../index.js'

/** What a run of the kit outside any test runner came to. */
export interface CollectedRun {
  /** Names as they were registered, skipped ones with their reason. */
  readonly registered: readonly string[]
  readonly report: ConformanceReport
}

/** Registers the kit's cases in a list, and runs them one after the other. */
export async function collectRun(options: Omit<StorageConformanceOptions, 'test' | 'onReport'>): Promise<CollectedRun> {
  const cases: { readonly name: string; readonly run: () => Promise<void> }[] = []
  let report: ConformanceReport | undefined
  await runStorageConformance({
    ...options,
    test: (name, run) => cases.push({ name, run }),
    onReport: (outcome) => {
      report = outcome
    },
  })
  for (const { run } of cases) await run().catch(() => {})
  if (!report) throw new Error('the kit did not report')
  return { registered: cases.map(({ name }) => name), report }
}
