// @ts-check
import { spawn } from 'node:child_process'
import { relative } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packagesInOrder, root, toolEnvironment } from './workspace.mjs'

// Each package as a stranger would get it: publint reads its manifest and files, attw resolves its types the way
// TypeScript does in an ES module project (the packages are ES modules only).

const problems = []
for (const one of packagesInOrder()) {
  const { messages, pkg } = await publint({ pkgDir: one.folder, strict: true })
  for (const message of messages) problems.push(`${one.name}: ${formatMessage(message, pkg ?? {})}`)
  const types = await typeProblems(one.folder)
  if (types !== undefined) problems.push(`${one.name}:\n${types}`)
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1

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
