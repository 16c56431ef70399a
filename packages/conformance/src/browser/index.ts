import { checkStorage } from '../check-storage.js'
import type { ConformanceReport } from '../conformance-report.js'
import { reportJson } from '../report/report-json.js'
import { reportMarkdown } from '../report/report-markdown.js'
import type { StorageConformance } from '../storage-conformance-options.js'

/** What {@link showStorageConformance} takes beside what is to be tested. */
export interface BrowserPageOptions extends StorageConformance {
  /** Where the page shows the run; the body of the document when left out. */
  readonly into?: Element
}

/**
 * Runs the kit in a page and shows it: a line for each case while it runs, then the report as text, and as JSON. The element it works
 * in carries `data-conformance`: `running`, then `passed`, `failed`, or `broken` when the run itself could not be done; that is what a
 * script that drives the page waits for. Answers with the report; rejects as `checkStorage` does.
 */
export async function showStorageConformance({
  into = document.body,
  ...options
}: BrowserPageOptions): Promise<ConformanceReport> {
  const status = append(into, 'p', 'status')
  status.setAttribute('role', 'status')
  const text = append(into, 'pre', 'text')
  const json = append(into, 'pre', 'json')
  into.setAttribute('data-conformance', 'running')
  try {
    const report = await checkStorage({
      ...options,
      onCase({ name, outcome, reason, done, total }) {
        status.textContent = `${done} of ${total}`
        text.append(`${outcome} ${name}${reason === undefined ? '' : `\n  ${reason}`}\n`)
      },
    })
    text.textContent = reportMarkdown(report)
    json.textContent = reportJson(report)
    into.setAttribute('data-conformance', report.failed.length === 0 ? 'passed' : 'failed')
    return report
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error)
    into.setAttribute('data-conformance', 'broken')
    throw error
  }
}

function append(parent: Element, tag: 'p' | 'pre', part: string): HTMLElement {
  const element = document.createElement(tag)
  element.setAttribute('data-part', part)
  parent.append(element)
  return element
}
