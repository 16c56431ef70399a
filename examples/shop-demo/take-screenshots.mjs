// @ts-check
// Takes the pictures of the documentation from a demo that is running:
// node examples/shop-demo/take-screenshots.mjs [address] [folder] [light|dark]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { chromiumLaunchOptions, chromiumPath } from '../../scripts/chromium.mjs'

const [
  address = 'http://127.0.0.1:4000',
  folder = fileURLToPath(new URL('../../docs/images', import.meta.url)),
  theme,
] = process.argv.slice(2)
// Somebody with purchases, tickets, notes and a company.
const customer = 'Andre Broussard'

mkdirSync(folder, { recursive: true })
await chromiumPath()
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  const context = await browser.newContext({
    viewport: { width: 1480, height: 920 },
    deviceScaleFactor: 1.5,
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    locale: 'en-US',
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  const take = async (/** @type {string} */ name) => {
    await page.waitForLoadState('networkidle')
    await page.screenshot({ path: join(folder, `${name}.png`) })
  }

  await page.goto(`${address}/admin`)
  await page.getByRole('row').nth(8).waitFor()
  await take('admin')

  await page.getByRole('row', { name: customer }).click()
  await page.locator('rapport-customer-card').getByText(customer).first().waitFor()
  await take('card')

  await page.goto(`${address}/admin#tickets`)
  await page.locator('.ticket').nth(4).click()
  await page.locator('.message').first().waitFor()
  await take('tickets')

  await page.goto(`${address}/admin#scores`)
  await page.locator('.matrix').waitFor()
  await take('scores')

  await page.goto(`${address}/admin#models`)
  await take('models')

  await page.goto(`${address}/`)
  await page.getByRole('button', { name: customer }).click()
  await page.locator('rapport-ticket-list').getByRole('button').first().waitFor()
  await take('storefront')
} finally {
  await browser.close()
}
