import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect } from 'vitest'
import { chromiumLaunchOptions, chromiumPath } from '../../scripts/chromium.mjs'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What runs in every page before anything of its own: axe, and a witness of what the policy refuses. */
export const witness = `${axe.source}
globalThis.violations = []
document.addEventListener('securitypolicyviolation', (event) => {
  globalThis.violations.push(event.effectiveDirective + ' ' + event.blockedURI)
})`

/** Long enough for a machine that does much else; a test takes a few seconds on one that does not. */
export const timeoutMs = 120_000

/** A browser for the tests of a `describe`. */
export interface TestBrowser {
  readonly browser: Browser
  /** Does the work on a new page, and demands that the policy refused nothing and no error was logged. */
  onPage(work: (page: Page) => Promise<void>, options?: Parameters<Browser['newContext']>[0]): Promise<void>
}

/** Opens a browser before the tests of this `describe`, and closes it after them. */
export function browserForTests(): TestBrowser {
  let browser: Browser

  beforeAll(async () => {
    await chromiumPath()
    browser = await chromium.launch(chromiumLaunchOptions())
  }, timeoutMs)

  afterAll(() => browser?.close())

  return {
    get browser() {
      return browser
    },
    async onPage(work, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1480, height: 920 }, locale: 'en-US', ...options })
      const complaints: string[] = []
      try {
        await context.addInitScript(witness)
        const page = await context.newPage()
        page.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
        })
        page.on('pageerror', (error) => complaints.push(error.message))
        await work(page)
        if (options.javaScriptEnabled !== false) {
          expect(await page.evaluate(() => Reflect.get(globalThis, 'violations'))).toEqual([])
        }
        expect(complaints).toEqual([])
      } finally {
        await context.close()
      }
    },
  }
}

/** Demands that axe finds nothing in the page as it is. */
export async function expectClean(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  const found = await page.evaluate((tags) => {
    const run = Reflect.get(globalThis, 'axe') as typeof axe
    return run.run(document, { runOnly: tags })
  }, rules)
  const faults = found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.flat().join(' ')}: ${failureSummary}`),
  )
  expect(faults).toEqual([])
}

interface Focused {
  readonly role: string
  readonly name: string
}

/** What has the focus, through shadow roots: its role (or tag) and the name it goes by. */
export function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    let active = document.activeElement
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
    const labels = active && 'labels' in active ? (active.labels as NodeListOf<HTMLElement> | null) : null
    const name =
      active?.getAttribute('aria-label') ?? labels?.[0]?.innerText ?? (active as HTMLElement | null)?.innerText
    return { role: active?.getAttribute('role') ?? active?.localName ?? '', name: name ?? '' }
  })
}

/** Presses Tab until something of a role (or tag) and name has the focus, as a person without a mouse would. */
export async function tabTo(page: Page, role: string, name = ''): Promise<void> {
  const passed: string[] = []
  for (let press = 0; press < 120; press++) {
    await page.keyboard.press('Tab')
    const now = await focused(page)
    if (now.role === role && now.name.includes(name)) return
    passed.push(`${now.role} ${JSON.stringify(now.name.slice(0, 40))}`)
  }
  throw new Error(`Tab reaches no ${role} ${name}; it passed ${passed.join(', ')}`)
}
