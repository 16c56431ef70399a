import { type ConformanceReport, checkStorage, type StorageConformance } from '../index.js'

/** What a run of the kit outside any test runner came to. */
export interface CollectedRun {
  /** Names as they were registered, skipped ones too. */
  readonly registered: readonly string[]
  readonly report: ConformanceReport
}

/** Runs the kit's cases one after the other. */
export async function collectRun(options: Omit<StorageConformance, 'onReport'>): Promise<CollectedRun> {
  const registered: string[] = []
  const report = await checkStorage({ ...options, onCase: ({ name }) => registered.push(name) })
  return { registered, report }
}
