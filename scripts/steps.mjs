// @ts-check
import { spawn } from 'node:child_process'
import { root, toolEnvironment } from './workspace.mjs'

/**
 * @typedef {object} Step
 * @property {string} name the heading
 * @property {string[]} command program and arguments
 * @property {string[]} [needs] names of steps that must have passed before
 * @property {boolean} [report] show the output even when the step passes
 * @property {string} [cwd] absolute path, default the repository
 */

/**
 * Runs steps, a few at a time, each as soon as what it needs has passed; prints a line with the time for each, and the
 * output of a failed one. After the first failure nothing new starts; what runs already may finish and is reported.
 *
 * @param {Step[]} steps
 * @param {{ lanes: number }} options
 * @returns {Promise<string | undefined>} the name of the step that failed first, undefined when all passed
 */
export async function runSteps(steps, { lanes }) {
  const waiting = [...steps]
  const passed = new Set()
  /** @type {Map<string, Promise<void>>} */
  const running = new Map()
  /** @type {string | undefined} */
  let failed

  const startReady = () => {
    for (const step of [...waiting]) {
      if (running.size >= lanes || failed !== undefined) return
      if (!(step.needs ?? []).every((name) => passed.has(name))) continue
      waiting.splice(waiting.indexOf(step), 1)
      const done = runCaptured(step).then(({ code, output, seconds }) => {
        running.delete(step.name)
        if (code === 0) passed.add(step.name)
        else failed ??= step.name
        console.log(`${code === 0 ? 'pass' : 'FAIL'}  ${step.name.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s`)
        if ((code !== 0 || step.report) && output.trim() !== '') console.log(output.trimEnd())
      })
      running.set(step.name, done)
    }
  }

  startReady()
  while (running.size > 0) {
    await Promise.race(running.values())
    startReady()
  }
  if (failed === undefined && waiting.length > 0) {
    throw new Error(`No step leads to: ${waiting.map((step) => step.name).join(', ')}`)
  }
  return failed
}

/**
 * Runs one command with its output on our own, and answers its exit code.
 *
 * @param {string[]} command
 * @returns {Promise<number>}
 */
export function runVisibly(command) {
  const [program, ...args] = command
  return new Promise((resolve) => {
    const child = spawn(/** @type {string} */ (program), args, {
      cwd: root,
      env: toolEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
    child.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/**
 * @param {Step} step
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
function runCaptured(step) {
  const [program, ...args] = step.command
  const startedAt = performance.now()
  const child = spawn(/** @type {string} */ (program), args, {
    cwd: step.cwd ?? root,
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  const collect = (/** @type {Buffer} */ chunk) => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return new Promise((resolve) => {
    const finish = (/** @type {number} */ code) =>
      resolve({ code, output, seconds: (performance.now() - startedAt) / 1000 })
    child.on('error', (error) => {
      output += error.message
      finish(1)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}
