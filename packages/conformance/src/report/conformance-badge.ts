import type { ConformanceReport } from '../conformance-report.js'

/** A badge in the form that badge services read from a URL. */
export interface ConformanceBadge {
  readonly schemaVersion: 1
  readonly label: string
  readonly message: string
  readonly color: 'brightgreen' | 'green' | 'red' | 'lightgrey'
}

/**
 * What a badge may say of a run. Red: a case failed. Grey: a part alone was run, which proves nothing of the whole. Green: everything
 * that the adapter declares holds, at level basic; bright green: at level full. Skips are always counted.
 */
export function conformanceBadge(report: ConformanceReport): ConformanceBadge {
  const { passed, failed, skipped, notRun, level, only } = report
  const badge = (color: ConformanceBadge['color'], message: string): ConformanceBadge => ({
    schemaVersion: 1,
    label: 'rapport storage',
    message,
    color,
  })
  if (failed.length > 0) return badge('red', `${failed.length} of ${failed.length + passed.length} failed`)
  if (only !== undefined || notRun.length > 0) return badge('lightgrey', `incomplete, ${passed.length} passed`)
  const skips = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  return badge(level === 'full' ? 'brightgreen' : 'green', `${level}, ${passed.length} passed${skips}`)
}
