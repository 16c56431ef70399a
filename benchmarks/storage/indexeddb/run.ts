import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { chromiumLaunchOptions, chromiumPath } from '../../../scripts/chromium.mjs'
import type { Extent, Figure } from './page.js'

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const full: Extent = { bulkRows: [10_000, 50_000], bulkRounds: 7, stored: 50_000, operations: 100, rounds: 15 }
const quick: Extent = { bulkRows: [2_000], bulkRounds: 5, stored: 5_000, operations: 50, rounds: 6 }
const extent = flags.quick ? quick : full

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    write: false,
  })
  return outputFiles[0]!.text
}

/** Runs the page in Chromium, on an origin of its own. */
async function measureInChromium(): Promise<{ figures: Figure[]; browser: string }> {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  await chromiumPath()
  const browser = await chromium.launch(chromiumLaunchOptions())
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.addScriptTag({ content: await bundle(), type: 'module' })
    const figures = await page.evaluate((work) => globalThis.measureIndexedDb(work), extent)
    return { figures, browser: browser.version() }
  } finally {
    await browser.close()
    server.close()
  }
}

const loadBefore = loadavg()[0]
const { figures, browser } = await measureInChromium()
console.table(
  figures.map(({ task, contestant, medianMs, timeRatioTo }) => ({ task, contestant, medianMs, ...timeRatioTo })),
)
if (!flags.quick) {
  const date = new Date().toISOString().slice(0, 10)
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, platform: process.platform, browser, loadBefore }
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const text = JSON.stringify({ date, commit, machine, extent, figures }, undefined, 2)
  writeFileSync(new URL(`${date}.json`, folder), `${text}\n`)
}
