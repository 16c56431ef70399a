import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumLaunchOptions, chromiumPath } from '../../../scripts/chromium.mjs'
import { matrixCases } from './matrix-cases.js'
import { type MatrixServer, startMatrixServer } from './matrix-server.js'

let server: MatrixServer
let browser: Browser

beforeAll(async () => {
  await chromiumPath()
  server = await startMatrixServer()
  browser = await chromium.launch(chromiumLaunchOptions())
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('every element in every state works under the strict policy, without one violation', async () => {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  for (const wish of ['?theme=light&locale=en', '?theme=dark&locale=zh&dir=rtl']) {
    await page.goto(server.url + wish)
    const done = await page.waitForSelector('html[data-matrix=done]', { state: 'attached', timeout: 30_000 })
    expect(JSON.parse((await done.getAttribute('data-violations')) ?? 'null')).toEqual([])
    expect(await page.locator('main > section > [time-zone]').count()).toBe(matrixCases.length)
    expect(await page.locator('[part=base]').count()).toBe(matrixCases.length)
  }
  expect(complaints).toEqual([])
  await page.close()
}, 90_000)

test('the policy is in force: what it forbids is reported', async () => {
  const page = await browser.newPage()
  await page.goto(`${server.url}?tag=none`)
  await page.waitForSelector('html[data-matrix=done]', { state: 'attached' })
  const directive = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
        document.body.setAttribute('style', 'color: red')
      }),
  )
  expect(directive).toBe('style-src-attr')
  await page.close()
}, 30_000)
