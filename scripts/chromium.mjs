// @ts-check
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium as playwrightChromium } from 'playwright'

// Where a Chromium of the machine may be, the environment's own choice first.
const installed = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  playwrightChromium.executablePath(),
]

// Web security stays on: the tests prove what a strict Content-Security-Policy and CORS allow.
const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * How to launch the browser of the tests with Playwright. Works out where the browser is or will be, and touches
 * nothing: call {@link chromiumPath} before the launch to have it there.
 *
 * @returns {{ executablePath: string, args: string[], env: Record<string, string>, headless: true }}
 */
export function chromiumLaunchOptions() {
  const own = installed.find((path) => path && existsSync(path))
  const folder = unpackedFolder()
  const environment = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return {
    executablePath: own ?? join(folder, 'chromium'),
    args: launchArguments,
    env: { ...Object.fromEntries(environment), ...(own === undefined && librariesOf(folder)) },
    headless: true,
  }
}

/**
 * Path of a Chromium that can be launched: the machine's own, else the one inside the npm package, which is unpacked
 * once into a folder of its version in the temporary folder (a few seconds).
 *
 * @returns {Promise<string>}
 * @throws {Error} where the machine has none and the npm package has no binary for it
 */
export async function chromiumPath() {
  const { executablePath } = chromiumLaunchOptions()
  if (existsSync(executablePath)) return executablePath
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found. Install Chrome or Chromium, or set CHROMIUM_PATH to its executable.')
  }
  const folder = unpackedFolder()
  const unfinished = mkdtempSync(`${folder}-`)
  const { TMPDIR, AWS_EXECUTION_ENV, FONTCONFIG_PATH, LD_LIBRARY_PATH } = process.env
  try {
    // The package unpacks into the temporary folder, reuses whatever browser it finds there, and brings its libraries
    // only on a machine that looks like this one. Hence a fresh folder, and a rename when everything is there: a run
    // beside ours never sees half a browser.
    Object.assign(process.env, { TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' })
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
    writeFileSync(join(unfinished, 'fonts', 'fonts.conf'), fontsConfiguration(folder))
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(executablePath)) throw error
  } finally {
    restore({ TMPDIR, AWS_EXECUTION_ENV, FONTCONFIG_PATH, LD_LIBRARY_PATH })
  }
  return executablePath
}

/** Named for the exact package, so that an upgrade never meets the browser of the version before. */
function unpackedFolder() {
  const manifest = manifestOf('@sparticuz/chromium')
  const user = createHash('sha256')
    .update(`${process.getuid?.() ?? ''}`)
    .digest('hex')
    .slice(0, 6)
  return join(tmpdir(), `rapport-chromium-${manifest.version}-${user}`)
}

/** @param {string} folder */
function librariesOf(folder) {
  return { FONTCONFIG_PATH: join(folder, 'fonts'), LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }
}

/**
 * The package's own file names a fixed folder for its font; this one names ours, after the fonts of the machine.
 *
 * @param {string} folder
 */
function fontsConfiguration(folder) {
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', join(folder, 'fonts')]
  const lines = [...folders.map((path) => `<dir>${path}</dir>`), `<cachedir>${join(folder, 'font-cache')}</cachedir>`]
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>${lines.join('')}</fontconfig>\n`
}

/**
 * The package keeps its package.json out of its `exports`, so it is looked for above its entry.
 *
 * @param {string} name
 * @returns {{ version: string }}
 */
function manifestOf(name) {
  let folder = dirname(createRequire(import.meta.url).resolve(name))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** @param {Record<string, string | undefined>} variables */
function restore(variables) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}
