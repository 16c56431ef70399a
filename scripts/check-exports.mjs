// @ts-check
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packagesInOrder, root, toolEnvironment } from './workspace.mjs'

// Every entry of every package must import in bare Node, by `import` and by `require`, each in a process of its own: no
// browser globals, nothing another entry set up. An entry that exports nothing is a mistake, unless it is there for what it
// does: it defines an element, or is run as a worker.

const program = `
const [name] = process.argv.slice(1)
const { createRequire } = await import('node:module')
const names = Object.keys(await import(name))
createRequire(import.meta.url)(name)
if (names.length === 0 && !/\\/(define\\/|worker$)/.test(name)) throw new Error('it exports nothing')
`

const entries = packagesInOrder().flatMap((one) =>
  Object.entries(one.exports).map(([subpath, { types, default: target }]) => ({
    name: one.name + subpath.slice(1),
    missing: [target, types].filter((path) => !existsSync(join(one.folder, path))),
  })),
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
