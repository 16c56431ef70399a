// @ts-check
// Runs before `npm start` and `npm test`, on whatever Node the reader has (20 or newer), so it uses nothing but Node.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const reason = whyInstall()
if (reason !== undefined) {
  console.log(`Installing dependencies (${reason}). This takes a minute, once.`)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  // The loglevel keeps npm from listing, on Node 20, every tool that wants a newer Node: the project brings that Node.
  const { status, error } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  const still = status === 0 ? whyInstall() : undefined
  if (status !== 0 || still !== undefined) {
    console.error(
      `npm ci failed${error ? `: ${error.message}` : still ? `: ${still}` : ''}. Check the network and run it again.`,
    )
    process.exit(status || 1)
  }
}

/** @returns {string | undefined} what is wrong with node_modules, undefined when it is what the lock file says */
function whyInstall() {
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return 'no node_modules yet'
  const wanted = readLock(join(root, 'package-lock.json')) ?? {}
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue
    const present = installed[path]
    if (present === undefined ? !optional : !link && present.version !== version) return 'the lock file has changed'
  }
  const stray = Object.keys(installed).find((path) => wanted[path] === undefined)
  if (stray !== undefined) return 'the lock file has changed'
  const bin = join(root, 'node_modules', '.bin')
  if (!existsSync(join(bin, 'node')) && !existsSync(join(bin, 'node.cmd'))) return 'its Node is missing'
  return undefined
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | undefined}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
