import type { Actor } from '../../access/actor.js'
import type { Checkpoint, RunKind } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError } from '../../kernel/crm-error.js'
import type { MappedColumn } from './column-mapping.js'
import { commitBatch, commitRows, readBatch } from './commit-rows.js'
import { type ImportBatch, importBatchId } from './import-batch-entity.js'
import { addCounts, noRows, type RowCounts } from './import-report.js'
import type { ImportTargets } from './import-target.js'
import { matchKeyNamed } from './match-key.js'
import { type Claims, type ImportMode, isRowError, type PlannedRows, planRows, type RowRules } from './plan-rows.js'
import type { EmptyCells } from './row-input.js'
import { rowReferences } from './row-reference.js'

/** What an import was asked to do. Plain data, kept with its run. */
export interface ImportParams {
  readonly importId: string
  readonly object: string
  readonly mode: ImportMode
  readonly matchOn?: string
  readonly columns: readonly MappedColumn[]
  readonly lists: 'add' | 'replace'
  readonly empty: EmptyCells
  readonly rows: number
  readonly batches: number
  /** Who started it: the import may do what they may. */
  readonly starter: Actor
}

/** Batches committed at once, so that one is made ready while the database writes others. */
const batchesAtOnce = 3

/**
 * The work of an import: the rows of a batch are planned together and committed with the note of what became of them. Batches side by
 * side mean different records. Wherever it is interrupted, it goes on with the batches that are not done, and no row is imported twice.
 */
export function importRun(targets: ImportTargets, maxBatch: number): RunKind<ImportParams> {
  return {
    kind: 'import',
    async execute(context, params, checkpoint) {
      const target = targets.get(params.object)
      if (!target)
        throw new CrmError('unsupported', 'This version imports nothing into that object', { field: 'object' })
      const rules: RowRules = {
        target,
        columns: params.columns,
        references: rowReferences(params.columns, targets),
        mode: params.mode,
        lists: params.lists,
        empty: params.empty,
        ...(params.matchOn !== undefined && { match: matchKeyNamed(target, params.matchOn) }),
      }
      const work: ImportWork = { context: context.as(params.starter), rules, maxBatch }
      const tally = new Tally(params, checkpoint)
      const flights: Flight[] = []
      try {
        for await (const [sequence, batch] of batchesOf(work.context, params)) {
          if (batch.rows === undefined) {
            tally.add(batch, sequence)
            continue
          }
          const planned = await planWhole(work, batch, flights)
          if (planned) flights.push(takeOff(work, batch, sequence, planned))
          while (flights.length >= batchesAtOnce || (!planned && flights.length > 0)) await land(work, flights, tally)
          if (!planned) await finishBatch(work, batch, sequence, tally)
        }
        while (flights.length > 0) await land(work, flights, tally)
        await tally.save()
      } finally {
        await Promise.allSettled([...flights.map(({ committed }) => committed), tally.saved()])
      }
      await tally.saved()
      return { ...tally.counts }
    },
  }
}

/** The batches of an import, each read while the one before is worked on. */
async function* batchesOf(
  context: SessionContext,
  { importId, batches }: ImportParams,
): AsyncGenerator<readonly [sequence: number, batch: ImportBatch], void> {
  const read = (sequence: number): Promise<ImportBatch> => {
    const reading = readBatch(context, importBatchId(importId, sequence))
    // It is awaited later, perhaps never.
    reading.catch(() => {})
    return reading
  }
  let reading = batches > 0 ? read(0) : undefined
  for (let sequence = 0; reading; sequence++) {
    const batch: ImportBatch = await reading
    reading = sequence + 1 < batches ? read(sequence + 1) : undefined
    yield [sequence, batch]
  }
}

interface ImportWork {
  readonly context: SessionContext
  readonly rules: RowRules
  readonly maxBatch: number
}

/** A batch that is being committed. */
interface Flight {
  readonly batch: ImportBatch
  readonly sequence: number
  readonly claims: Claims
  /** What became of it: the batch as it stands, or the error of a row. */
  readonly committed: Promise<ImportBatch | Error>
}

/** The plan of all that is left of a batch, if it fits one commit and means nothing that the batches in flight mean. */
async function planWhole(
  { context, rules, maxBatch }: ImportWork,
  { rows = [], done }: ImportBatch,
  flights: readonly Flight[],
): Promise<PlannedRows | undefined> {
  const left = rows.slice(done)
  const plan = await planRows(
    context,
    rules,
    left,
    maxBatch - 1,
    flights.map(({ claims }) => claims),
  )
  return plan.planned.length === left.length ? plan : undefined
}

function takeOff({ context, rules }: ImportWork, batch: ImportBatch, sequence: number, plan: PlannedRows): Flight {
  const committed = commitRows(context, rules, batch, plan.planned).catch((error: unknown) => {
    if (isRowError(error)) return error
    throw error
  })
  // Whoever awaits it hears of the error, which may be after another one.
  committed.catch(() => {})
  return { batch, sequence, claims: plan.claims, committed }
}

/** Waits for the oldest batch; when one of its rows was refused, the others are awaited and it is taken apart. */
async function land(work: ImportWork, flights: Flight[], tally: Tally): Promise<void> {
  const [{ batch, sequence, committed }] = flights as [Flight]
  const outcome = await committed
  if (outcome instanceof Error) await Promise.all(flights.map((flight) => flight.committed))
  flights.shift()
  if (outcome instanceof Error) await finishBatch(work, batch, sequence, tally)
  else await tally.finish(outcome, sequence)
}

async function finishBatch(work: ImportWork, batch: ImportBatch, sequence: number, tally: Tally): Promise<void> {
  let last = batch
  await commitBatch(work.context, work.rules, batch, work.maxBatch, (saved) => {
    last = saved
    return saved.rows === undefined ? Promise.resolve() : tally.note(saved, sequence)
  })
  await tally.finish(last, sequence)
}

/**
 * Adds up what became of the rows, and keeps it as the run's progress: while the next batch is worked on, so that a run that is cancelled
 * may finish one batch more.
 */
class Tally {
  readonly #params: ImportParams
  readonly #checkpoint: Checkpoint
  #done = 0
  #sequence = 0
  #saving: Promise<void> = Promise.resolve()
  counts: RowCounts = noRows

  constructor(params: ImportParams, checkpoint: Checkpoint) {
    this.#params = params
    this.#checkpoint = checkpoint
  }

  /** A batch was done by an attempt before this one. */
  add(batch: ImportBatch, sequence: number): void {
    this.#done += handled(batch)
    this.#sequence = sequence + 1
    this.counts = addCounts(this.counts, batch.counts)
  }

  /** A batch is done now. */
  finish(batch: ImportBatch, sequence: number): Promise<void> {
    this.add(batch, sequence)
    return this.save()
  }

  /** A part of a batch is done. */
  note(batch: ImportBatch, sequence: number): Promise<void> {
    return this.#save(sequence, this.#done + handled(batch), addCounts(this.counts, batch.counts))
  }

  save(): Promise<void> {
    return this.#save(this.#sequence, this.#done, this.counts)
  }

  /** Resolves when the last progress is kept; rejects when the run was cancelled. */
  saved(): Promise<void> {
    return this.#saving
  }

  /** Begins to keep progress as soon as what was there before is kept. */
  async #save(sequence: number, done: number, counts: RowCounts): Promise<void> {
    await this.#saving
    this.#saving = this.#checkpoint.save({
      cursor: { sequence },
      done,
      total: this.#params.rows,
      counts: { ...counts },
    })
    // Whoever saves next hears of the error, or whoever asks whether it is saved.
    this.#saving.catch(() => {})
  }
}

/** Rows of a batch that are done, one way or the other. */
function handled({ counts }: ImportBatch): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
