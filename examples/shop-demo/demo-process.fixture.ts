import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildDemo } from './build-demo.mjs'

const repository = fileURLToPath(new URL('../../', import.meta.url))

/** How a process of the demo ended. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A demo in a process of its own. */
export interface DemoProcess {
  /** What it wrote so far. */
  readonly output: { stdout: string; stderr: string }
  readonly ended: Promise<ProcessEnd>
  /** Waits until it serves, and gives its address. Rejects with its output when it ends before. */
  ready(): Promise<string>
  /** Waits until its output holds a text, or until it has ended. */
  said(text: string): Promise<void>
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<ProcessEnd>
}

/** Builds the demo from sources into a folder of the test's own; gives the file to run. */
export async function builtFromSources(name: string): Promise<string> {
  await buildDemo({ folder: `dist/${name}`, fromSources: true })
  return `examples/shop-demo/dist/${name}/start.js`
}

/** Starts the demo on a free port. `script` is `scripts/start-demo.mjs` or what {@link builtFromSources} gave. */
export function startDemo(script: string, environment: Readonly<Record<string, string>>): DemoProcess {
  const child: ChildProcess = spawn(process.execPath, [script], {
    cwd: repository,
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', INIT_CWD: repository, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  const wake = (): void => {
    for (const watcher of watchers) watcher()
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
      wake()
    })
  }
  let end: ProcessEnd | undefined
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => {
      end = { code, signal }
      resolve(end)
      wake()
    })
  })
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds() && end === undefined) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
    })
  return {
    output,
    ended,
    async ready() {
      await until(() => output.stdout.includes('Ctrl-C stops'))
      const address = /Storefront +(http:\S+)\//.exec(output.stdout)?.[1]
      if (address === undefined || end !== undefined)
        throw new Error(`The demo ended.\n${output.stdout}${output.stderr}`)
      return address
    },
    said: (text) => until(() => output.stdout.includes(text)),
    async stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}
