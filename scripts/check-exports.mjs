// @ts-check
import { spawn } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { packagesInOrder, root, toolEnvironment } from './workspace.mjs'

// Every entry of every package must import in bare Node, by `import` and by `require`, each in a process of its own: no
// browser globals, nothing another entry set up. An entry that exports nothing is a mistake, unless it is one that
// defines an element.

const program = `
const [name] = process.argv.slice(1)
const { createRequire } = await import('node:module')
const names = Object.keys(await import(name))
createRequire(import.meta.url)(name)
if (names.length === 0 && !name.includes('/define/')) throw new Error('it exports nothing')
`

const entries = packagesInOrder().flatMap((one) =>
  Object.entries(one.exports).flatMap(([subpath, { types, default: target }]) =>
    expand(one.folder, subpath, target).map(({ subpath: concrete, star }) => ({
      name: one.name + concrete.slice(1),
      missing: [target, types]
        .map((path) => path.replace('*', star))
        .filter((path) => !existsSync(join(one.folder, path))),
    })),
  ),
)

const problems = []
for (const { name, missing } of entries) {
  if (missing.length > 0) problems.push(`${name}: ${missing.join(' and ')} is missing`)
  else {
    const problem = await importProblem(name)
    if (problem !== undefined) problems.push(`${name}: ${problem}`)
  }
}
for (const problem of problems) console.error(problem)
console.log(`${entries.length - problems.length} of ${entries.length} entries import in bare Node.`)
process.exitCode = problems.length === 0 ? 0 : 1

/**
 * The concrete entries behind one key of `exports`; a wildcard that matches no file is kept, and reported as missing.
 *
 * @param {string} folder
 * @param {string} subpath
 * @param {string} target
 */
function expand(folder, subpath, target) {
  const [before, after] = target.split('*')
  if (before === undefined || after === undefined) return [{ subpath, star: '*' }]
  const files = globSync(target, { cwd: folder }).map((file) => `./${file.replaceAll('\\', '/')}`)
  const stars = files.map((file) => file.slice(before.length, file.length - after.length))
  return (stars.length > 0 ? stars : ['*']).map((star) => ({ subpath: subpath.replace('*', star), star }))
}

/**
 * @param {string} name
 * @returns {Promise<string | undefined>} the first line that says what went wrong
 */
function importProblem(name) {
  return new Promise((resolve) => {
    const args = ['--no-warnings', '--input-type=module', '--eval', program, name]
    const child = spawn('node', args, { cwd: root, env: toolEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('close', (code) => {
      const line = output.split('\n').find((text) => /Error/.test(text)) ?? output.trim()
      resolve(code === 0 ? undefined : line || `it ended with code ${code}`)
    })
  })
}
