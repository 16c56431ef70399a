// @ts-check
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSteps } from './steps.mjs'
import { packagesInOrder, root } from './workspace.mjs'

// Builds every package after the ones it depends on. A package whose sources are those of its last build is left alone
// (`--force` builds it anyway): that is what makes the second `npm start` quick. `--code-alone` leaves out the declarations, which
// take most of the time and which nobody reads who only runs the demo.

const force = process.argv.includes('--force')
const codeAlone = process.argv.includes('--code-alone')
const withTypes = ' with types'
const stamps = join(root, 'node_modules', '.cache', 'rapport-build')
mkdirSync(stamps, { recursive: true })

/** @type {Map<string, string>} */
const fingerprints = new Map()
const stale = packagesInOrder().filter((one) => {
  const fingerprint = fingerprintOf(one)
  fingerprints.set(one.name, fingerprint)
  const stamp = readStamp(one.name) ?? ''
  const built = stamp === fingerprint + withTypes || (codeAlone && stamp === fingerprint)
  return force || !existsSync(join(one.folder, 'dist')) || !built
})

// A build that is interrupted leaves no stamp, so the next one starts over.
for (const one of stale) rmSync(stampFile(one.name), { force: true })

const failed = await runSteps(
  stale.map((one) => ({
    name: one.name,
    command: codeAlone ? ['tsup', '--no-dts'] : ['tsup'],

    cwd: one.folder,
    // Declarations are built from those of the packages they refer to; code is not.
    needs: codeAlone ? [] : one.needs.filter((name) => stale.some((other) => other.name === name)),
  })),
  { lanes: 2 },
)
for (const one of stale) {
  if (failed !== undefined) break
  writeFileSync(stampFile(one.name), (fingerprints.get(one.name) ?? '') + (codeAlone ? '' : withTypes))
}
if (failed !== undefined) {
  console.error(`The build of ${failed} failed.`)
  process.exitCode = 1
}

/** @param {import('./workspace.mjs').Package} one */
function fingerprintOf(one) {
  const hash = createHash('sha256')
  const shared = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/package-build.ts']
  const own = globSync(['package.json', 'tsup.config.ts', 'src/**/*.{ts,tsx,json}'], { cwd: one.folder }).sort()
  for (const file of shared) hash.update(file).update(readFileSync(join(root, file)))
  for (const file of own) hash.update(file).update(readFileSync(join(one.folder, file)))
  for (const name of one.needs) hash.update(fingerprints.get(name) ?? '')
  return hash.digest('hex')
}

/** @param {string} name */
function stampFile(name) {
  return join(stamps, name.replace(/\W+/g, '-'))
}

/** @param {string} name */
function readStamp(name) {
  return existsSync(stampFile(name)) ? readFileSync(stampFile(name), 'utf8') : undefined
}
