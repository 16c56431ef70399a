import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright'
import { chromiumLaunchOptions, chromiumPath } from '../../../scripts/chromium.mjs'
import { startMatrixServer } from './matrix-server.js'

// Pictures of the state matrix in both themes and languages: `tsx packages/widgets/test/take-screenshots.ts <folder>`.

const folder = resolve(process.argv[2] ?? 'screenshots')
await mkdir(folder, { recursive: true })
await chromiumPath()
const server = await startMatrixServer()
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } })
  for (const theme of ['light', 'dark']) {
    for (const locale of ['en', 'zh']) {
      for (const tag of ['customer-table', 'customer-card', 'ticket-form', 'ticket-list']) {
        await page.goto(`${server.url}?theme=${theme}&locale=${locale}&tag=rapport-${tag}`)
        await page.waitForSelector('html[data-matrix=done]')
        await page.screenshot({ path: join(folder, `${tag}-${theme}-${locale}.png`), fullPage: true })
      }
    }
  }
} finally {
  await browser.close()
  await server.close()
}
