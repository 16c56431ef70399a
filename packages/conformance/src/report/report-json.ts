import type { ConformanceReport } from '../conformance-report.js'
import { type ConformanceBadge, conformanceBadge } from './conformance-badge.js'

/** What {@link reportJson} writes: the report, whether it holds, and its badge. */
export interface ConformanceReportJson extends ConformanceReport {
  /** Whether every case that was registered and not skipped ran and passed. */
  readonly ok: boolean
  readonly badge: ConformanceBadge
}

/** The report as JSON, indented by two, ending in a line feed; see {@link ConformanceReportJson}. */
export function reportJson(report: ConformanceReport): string {
  const { failed, notRun } = report
  const whole: ConformanceReportJson = {
    ok: failed.length === 0 && notRun.length === 0,
    badge: conformanceBadge(report),
    ...report,
  }
  return `${JSON.stringify(whole, null, 2)}\n`
}
