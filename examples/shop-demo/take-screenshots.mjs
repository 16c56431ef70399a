// @ts-check
// Takes the pictures of the documentation from a demo that is running:
// node examples/shop-demo/take-screenshots.mjs [address] [folder] [light|dark] [width]
// What it imports and merges on the way it takes back at the end.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { chromiumLaunchOptions, chromiumPath } from '../../scripts/chromium.mjs'

const [
  address = 'http://127.0.0.1:4000',
  folder = fileURLToPath(new URL('../../docs/images', import.meta.url)),
  theme,
  width = '1480',
] = process.argv.slice(2)
// Somebody with purchases, tickets, notes and a company.
const customer = 'Andre Broussard'

mkdirSync(folder, { recursive: true })
await chromiumPath()
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  const context = await browser.newContext({
    viewport: { width: Number(width), height: 920 },
    deviceScaleFactor: 1.5,
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    locale: 'en-US',
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  const take = async (/** @type {string} */ name, { fullPage = false } = {}) => {
    await page.waitForLoadState('networkidle')
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage })
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

  await page.goto(`${address}/admin/import`)
  await page.getByRole('button', { name: 'Sign-up list of a record fair' }).click()
  await page.getByLabel('Date of birth: read as').selectOption('dayFirst')
  await take('import', { fullPage: true })
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('Nothing is written yet').waitFor()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('Imported.').waitFor()
  await take('imported', { fullPage: true })
  await page.getByRole('button', { name: 'Members of a WeChat group' }).click()
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('Nothing is written yet').waitFor()
  await take('import-chinese', { fullPage: true })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('Imported.').waitFor()

  await page.goto(`${address}/admin/duplicates`)
  await page.getByRole('button', { name: 'Look for duplicates' }).click()
  await page.getByText(/pairs to review/).waitFor()
  await page.locator('#pair-rows button').first().click()
  await page.getByRole('button', { name: 'Merge', exact: true }).waitFor()
  await take('duplicates', { fullPage: true })
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByRole('link', { name: 'See merges' }).click()
  await page.getByRole('button', { name: 'Take back the merge' }).first().click()
  await page.getByText('Both customers will be there again').waitFor()
  await take('merges', { fullPage: true })
  await page.getByRole('button', { name: 'Take it back now' }).click()
  await page.getByText('Taken back: both').waitFor()
  await page.goto(`${address}/admin/import`)
  for (const row of [0, 1].map((turn) => page.locator('.earlier li').nth(turn))) {
    await row.getByRole('button').click()
    await row.getByText('Taken back:').waitFor()
  }

  await page.goto(`${address}/admin`)
  await page.getByRole('row', { name: customer }).click()
  await page.getByRole('link', { name: 'Consent and data' }).click()
  await page.locator('#consent-rows button').first().waitFor()
  await take('consent', { fullPage: true })
  await page.getByRole('button', { name: 'Erase …' }).click()
  await take('erase')

  await page.goto(`${address}/`)
  await page.getByRole('button', { name: customer }).click()
  await page.locator('rapport-ticket-list').getByRole('button').first().waitFor()
  await take('storefront')
} finally {
  await browser.close()
}
