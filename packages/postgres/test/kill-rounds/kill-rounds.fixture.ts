import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Command } from './load-plan.fixture.js'
import type { LoadTask, LogLine } from './load-process.fixture.js'
import { afterBatch, idsOf, type RecordState, type RecordStates, seededNumbers } from './record-model.fixture.js'

/** What becomes of the data where a load is killed again and again. */
export interface KillRounds {
  readonly rounds: number
  readonly seed: number
  readonly workers: number
  readonly storage: Pick<LoadTask, 'connectionString' | 'dataDir'>
  /** Breaks the connections of the load, where there are any. */
  readonly terminate?: () => Promise<void>
  /** Waits until nothing of a killed process is under way. */
  readonly settled?: () => Promise<void>
}

/** What was found. The first four must be nothing. */
export interface KillReport {
  readonly lost: string[]
  readonly half: string[]
  readonly unfed: string[]
  readonly unexpected: string[]
  readonly rounds: number
  readonly acknowledged: number
  readonly refused: number
  readonly lookedUp: number
  /** Commands under way at a kill, by what had become of them. */
  readonly cutDone: number
  readonly cutUndone: number
}

type Counts = { -readonly [Key in keyof KillReport]: KillReport[Key] }

/**
 * Runs a mixed load in a process of its own, kills it with `kill -9` at a random moment, and does so again on the same data. Each
 * process first reads all there is, which must be what was acknowledged: a command that was under way is there whole or not at all.
 */
export async function runKillRounds(options: KillRounds): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-kill-rounds-'))
  const report: Counts = {
    ...{ lost: [], half: [], unfed: [], unexpected: [] },
    ...{ rounds: 0, acknowledged: 0, refused: 0, lookedUp: 0, cutDone: 0, cutUndone: 0 },
  }
  try {
    const program = await bundledProgram(folder)
    const random = seededNumbers(options.seed)
    let known: Known = { states: new Map(), cut: [], written: new Set(), feedAfter: undefined }
    for (let round = 0; round <= options.rounds; round++) {
      const lines = await killedLoad(program, folder, options, known, round, random)
      known = checked(lines, known, report)
      if (round < options.rounds) report.rounds++
    }
    return report
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What must be found next. */
interface Known {
  readonly states: RecordStates
  /** Commands whose outcome nobody was told. */
  readonly cut: readonly Command[]
  /** Ids that must have come through the change feed. */
  readonly written: ReadonlySet<string>
  readonly feedAfter: string | undefined
}

function checked(lines: readonly LogLine[], known: Known, report: Counts): Known {
  let { states, cut, feedAfter } = known
  let written = new Set(known.written)
  const open = new Map<string, Command>()
  for (const line of lines) {
    if ('found' in line) {
      states = reconciled(states, cut, new Map(line.found), written, report)
      const feed = new Set(line.feed)
      for (const id of written) if (!feed.has(id)) report.unfed.push(id)
      written = new Set()
      cut = []
      feedAfter = line.feedAfter
    } else if ('intent' in line) open.set(line.intent, line.command)
    else if ('answer' in line) {
      const command = open.get(line.answer)!
      open.delete(line.answer)
      if (line.outcome === 'refused') report.refused++
      else if (line.outcome === 'done') report.acknowledged++
      else report.lookedUp++
      if (line.outcome === 'done' || line.outcome === 'looked up: done') {
        states = afterBatch(states, command.batch)
        for (const id of idsOf(command.batch)) written.add(id)
      }
    } else report.unexpected.push(line.unexpected)
  }
  return { states, cut: [...cut, ...open.values()], written, feedAfter }
}

/** Compares what was found with what was acknowledged, and decides each command that was cut. */
function reconciled(
  expected: RecordStates,
  cut: readonly Command[],
  found: RecordStates,
  written: Set<string>,
  report: Counts,
): RecordStates {
  let states = expected
  for (const { batch } of cut) {
    const after = afterBatch(states, batch)
    const ids = idsOf(batch)
    const isDone = ids.every((id) => isSame(found.get(id), after.get(id)))
    const isUndone = ids.every((id) => isSame(found.get(id), states.get(id)))
    if (isDone) {
      report.cutDone++
      states = after
      for (const id of ids) written.add(id)
    } else if (isUndone) report.cutUndone++
    else report.half.push(ids.join(' '))
  }
  for (const id of new Set([...states.keys(), ...found.keys()])) {
    if (!isSame(states.get(id), found.get(id))) report.lost.push(id)
  }
  return found
}

function isSame(left: RecordState | undefined, right: RecordState | undefined): boolean {
  return left?.version === right?.version && left?.orders === right?.orders
}

async function killedLoad(
  program: string,
  folder: string,
  { seed, workers, storage, rounds, terminate, settled }: KillRounds,
  { feedAfter }: Known,
  round: number,
  random: () => number,
): Promise<LogLine[]> {
  const isLast = round === rounds
  const log = join(folder, `round-${round}.jsonl`)
  writeFileSync(log, '')
  const task: LoadTask = {
    seed,
    round,
    log,
    workers: isLast ? 0 : workers,
    ...storage,
    ...(feedAfter && { feedAfter }),
  }
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let isRunning = true
  void ended.then(() => {
    isRunning = false
  })
  const answers = (): number => readFileSync(log, 'utf8').split('"answer"').length - 1
  while (isRunning && !readFileSync(log, 'utf8').includes('\n')) await pause(10)
  if (!isLast) {
    // By what it has done rather than by the clock, so that a slow machine sees as much as a fast one.
    for (let cuts = terminate ? Math.floor(random() * 3) : 0; cuts > 0; cuts--) {
      const enough = answers() + Math.floor(random() * 10)
      while (isRunning && answers() < enough) await pause(2)
      await pause(random() * 10)
      await terminate?.()
    }
    const enough = answers() + Math.floor(random() * 15)
    while (isRunning && answers() < enough) await pause(2)
    await pause(random() * 10)
  }
  child.kill('SIGKILL')
  await ended
  await settled?.()
  const text = readFileSync(log, 'utf8')
  if (!text.includes('\n')) throw new Error(`The load did not start: ${said}`)
  // The last line may be cut in the middle; then its command had not begun.
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n')
  return lines.map((line) => JSON.parse(line) as LogLine)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The load as one file of JavaScript, which starts at once. Packages stay where they are. */
async function bundledProgram(folder: string): Promise<string> {
  const outfile = join(folder, 'load-process.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./load-process.fixture.ts', import.meta.url))],
    tsconfig: fileURLToPath(new URL('../../../../tsconfig.json', import.meta.url)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    outfile,
    plugins: [
      {
        name: 'packages stay outside',
        setup({ onResolve }) {
          onResolve({ filter: /^(?:pg|pg-copy-streams|@electric-sql\/pglite)$/ }, ({ path }) => ({
            path: pathToFileURL(fileURLToPath(import.meta.resolve(path))).href,
            external: true,
          }))
        },
      },
    ],
  })
  return outfile
}
