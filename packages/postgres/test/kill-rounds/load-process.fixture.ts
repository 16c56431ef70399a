import { openSync, writeSync } from 'node:fs'
import { isCrmError, type StorageSession } from '@rapport/core/storage'
import { type PostgresStorageAdapter, pgliteStorage, postgresStorage } from '@rapport/postgres'
import { type Command, nextCommand } from './load-plan.fixture.js'
import { afterBatch, idsOf, killEntity, type RecordState, seededNumbers, stateOf } from './record-model.fixture.js'

/** What a process of the load is told. */
export interface LoadTask {
  readonly seed: number
  readonly round: number
  readonly workers: number
  /** Where it writes down what it does. */
  readonly log: string
  /** Position of the change feed that was read before. */
  readonly feedAfter?: string
  readonly connectionString?: string
  readonly dataDir?: string
}

/** A line of the log. An intent without an answer was under way when the process ended. */
export type LogLine =
  | {
      readonly found: readonly (readonly [id: string, state: RecordState])[]
      readonly feed: readonly string[]
      readonly feedAfter?: string
    }
  | { readonly intent: string; readonly command: Command }
  | { readonly answer: string; readonly outcome: 'done' | 'refused' | 'looked up: done' | 'looked up: not done' }
  | { readonly unexpected: string }

const tenantId = 'kill rounds'
const { name: entity } = killEntity
const task = JSON.parse(process.argv[2]!) as LoadTask
const log = openSync(task.log, 'a')
const note = (line: LogLine): void => {
  writeSync(log, `${JSON.stringify(line)}\n`)
}

const storage: PostgresStorageAdapter =
  task.dataDir === undefined
    ? postgresStorage({ connectionString: task.connectionString!, schema: 'kill_rounds' })
    : pgliteStorage({ dataDir: task.dataDir })
await storage.open()
await storage.apply(await storage.plan([killEntity]))
const session = storage.session({ tenantId })
let states = await readAll()
note({ found: [...states], ...(await readFeed()) })
await Promise.all(Array.from({ length: task.workers }, (_, n) => work(`w${n}`)))

async function work(worker: string): Promise<void> {
  const random = seededNumbers(task.seed * 1_000 + task.round * 10 + Number(worker.slice(1)))
  for (let number = task.round * 1_000_000; ; number++) {
    const command = nextCommand(states, worker, number, random)
    const name = `${worker}-${number}`
    note({ intent: name, command })
    const outcome = await carryOut(command)
    if (outcome.endsWith('done') && outcome !== 'looked up: not done') {
      const after = afterBatch(states, command.batch)
      // Other workers have gone on meanwhile; the records of this one are its own.
      const merged = new Map([...states].filter(([id]) => !id.startsWith(`${worker}-`)))
      for (const [id, state] of after) if (id.startsWith(`${worker}-`)) merged.set(id, state)
      states = merged
    }
    note({ answer: name, outcome })
  }
}

async function carryOut({ via, batch }: Command): Promise<Extract<LogLine, { answer: string }>['outcome']> {
  try {
    await callOf(session, via, batch)
    return 'done'
  } catch (error) {
    if (!isCrmError(error, 'storage_failed')) return unexpected(error)
    if (error.details.reason === 'unknown_outcome') return lookUp(batch)
    return error.details.retriable === true ? 'refused' : unexpected(error)
  }
}

async function callOf(on: StorageSession, via: Command['via'], batch: Command['batch']): Promise<void> {
  if (via === 'write') await on.write(batch)
  else if (via === 'transaction') {
    await on.transaction!(async (inside) => {
      await inside.write(batch.slice(0, 5))
      await inside.write(batch.slice(5))
    })
  } else {
    await on.load!(entity, [batch.flatMap((write) => (write.do === 'insert' ? [write.row] : []))])
  }
}

/** As core does with the id of its journal entry. */
async function lookUp(batch: Command['batch']): Promise<'looked up: done' | 'looked up: not done'> {
  const after = afterBatch(states, batch)
  const [witness] = idsOf(batch)
  for (;;) {
    try {
      const [row] = await session.getMany(entity, [witness!])
      return row?.version === after.get(witness!)?.version ? 'looked up: done' : 'looked up: not done'
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function unexpected(error: unknown): never {
  note({ unexpected: isCrmError(error) ? `${JSON.stringify(error)} because of ${String(error.cause)}` : String(error) })
  process.exit(1)
}

async function readAll(): Promise<ReadonlyMap<string, RecordState>> {
  const found = new Map<string, RecordState>()
  let after: string[] | undefined
  for (;;) {
    const page = await session.find({ entity, order: ['id'], limit: 1_000, ...(after && { after }) })
    for (const row of page.rows) found.set(row.id, stateOf(row))
    if (page.done) return found
    after = [page.rows.at(-1)!.id]
  }
}

async function readFeed(): Promise<{ feed: string[]; feedAfter?: string }> {
  const feed = new Set<string>()
  let feedAfter = task.feedAfter
  for (;;) {
    const page = await session.changes!(feedAfter, 1_000)
    for (const { id } of page) feed.add(id)
    feedAfter = page.at(-1)?.position ?? feedAfter
    if (page.length < 1_000) return { feed: [...feed], ...(feedAfter !== undefined && { feedAfter }) }
  }
}
