// @ts-check
import { spawn } from 'node:child_process'
import { relative } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packagesInOrder, root, toolEnvironment } from './workspace.mjs'

// Each package as a stranger would get it: publint reads its manifest and files, attw resolves its types the way
// TypeScript does in an ES module project (the packages are ES modules only).

const problems = (await Promise.all(packagesInOrder().map(problemsOf))).flat()
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1

/**
 * @param {import('./workspace.mjs').Package} one
 * @returns {Promise<string[]>}
 */
async function problemsOf({ name, folder }) {
  const [{ messages, pkg }, types] = await Promise.all([
    publint({ pkgDir: folder, strict: true }),
    typeProblems(folder),
  ])
  const lines = messages.map((message) => `${name}: ${formatMessage(message, pkg ?? {})}`)
  return types === undefined ? lines : [...lines, `${name}:\n${types}`]
}

/**
 * @param {string} folder
 * @returns {Promise<string | undefined>} the report of attw, undefined when it found nothing
 */
function typeProblems(folder) {
  const args = [
    '--pack',
    relative(root, folder),
    '--profile',
    'esm-only',
    '--no-emoji',
    '--no-color',
    '--format',
    'ascii',
  ]
  return new Promise((resolve) => {
    const child = spawn('attw', args, {
      cwd: root,
      env: { ...toolEnvironment(), npm_config_loglevel: 'error' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('close', (code) => resolve(code === 0 ? undefined : output.trim() || `attw ended with code ${code}`))
  })
}
