import type { ConformanceReport } from '../conformance-report.js'
import { replayHint } from '../storage/replay-hint.js'
import { conformanceBadge } from './conformance-badge.js'

/** The report as a page of Markdown: verdict, capabilities, a line for each subject, failures with how to replay them, skips. */
export function reportMarkdown(report: ConformanceReport): string {
  const { adapter, capabilities, failed, skipped, notRun, passed, level, seed, only, kitVersion } = report
  const { message } = conformanceBadge(report)
  const lines = [
    `# Storage conformance of ${adapter}`,
    '',
    `**${message}**`,
    '',
    '| | |',
    '|---|---|',
    `| kit | @rapport/conformance ${kitVersion} |`,
    `| level | ${level} |`,
    ...(only === undefined ? [] : [`| only | ${cell(only)} |`]),
    `| seed | ${seed} |`,
    `| passed | ${passed.length} |`,
    `| failed | ${failed.length} |`,
    `| skipped | ${skipped.length} |`,
    `| not run | ${notRun.length} |`,
    '',
    '## Capabilities',
    '',
    '| capability | declared |',
    '|---|---|',
    ...Object.entries(capabilities).map(([name, value]) => `| ${name} | ${cell(declared(value))} |`),
    '',
    '## Subjects',
    '',
    '| subject | passed | failed | skipped | not run |',
    '|---|---|---|---|---|',
    ...subjectLines(report),
  ]
  if (failed.length > 0) {
    lines.push('', '## Failed')
    for (const { name, message: reason } of failed) {
      lines.push('', `### ${name}`, '', '```', reason, replayHint(report, name), '```')
    }
  }
  if (skipped.length > 0) {
    lines.push('', '## Skipped', '', '| case | reason |', '|---|---|')
    lines.push(...skipped.map(({ name, reason }) => `| ${cell(name)} | ${cell(reason)} |`))
  }
  if (notRun.length > 0) lines.push('', '## Not run', '', ...notRun.map((name) => `- ${name}`))
  return `${lines.join('\n')}\n`
}

function subjectLines({ passed, failed, skipped, notRun }: ConformanceReport): string[] {
  const columns = [passed, failed.map(({ name }) => name), skipped.map(({ name }) => name), notRun]
  const counts = new Map<string, number[]>()
  for (const [column, names] of columns.entries()) {
    for (const name of names) {
      const subject = name.slice(0, name.indexOf(':'))
      const line = counts.get(subject) ?? [0, 0, 0, 0]
      line[column] = line[column]! + 1
      counts.set(subject, line)
    }
  }
  return Array.from(counts, ([subject, line]) => `| ${subject} | ${line.join(' | ')} |`).sort()
}

function declared(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
