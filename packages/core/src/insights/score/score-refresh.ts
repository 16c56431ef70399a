import type { Checkpoint } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { minorDigits } from '../../kernel/money.js'
import { compareCodePoints } from '../../kernel/text-safety.js'
import { countKnownContacts, readKnownContacts, stageOfKnownContact } from './known-contacts.js'
import { readPreviousStages } from './previous-stages.js'
import { type PurchaseLog, readPurchaseLog } from './purchase-log.js'
import { rowScore, type ScoreNames } from './row-scores.js'
import type { ScoreColumns } from './score-columns.js'
import type { PurchaseScoreModel } from './score-entity.js'
import { scoreFindings } from './score-findings.js'
import type { ScoringComputation } from './scoring-computation.js'
import type { PurchaseModel } from './scoring-job.js'
import { type ContactScores, writeScores } from './write-scores.js'

/** What a refresh was asked for. */
export interface RefreshParams {
  readonly models: readonly PurchaseScoreModel[]
  /** Nothing later counts. */
  readonly asOf: string
  readonly purchaseModel: PurchaseModel
  readonly timeZone: string
}

/** How far a refresh is: the customer written last, then the contact without a purchase written last, and how many in all. */
interface Cursor {
  readonly after?: string
  readonly afterKnown?: string
  readonly done?: number
}

const mostWrites = 1_000
/** Well within the lease of a run, so that a long computation is not taken for a dead one. */
const signOfLifeMs = 15_000

/**
 * Scores every customer as of a moment: reads the purchases page by page, has the scores computed, then writes them and their
 * projections onto contacts in batches. Scores follow from the data and the moment, so an interrupted run computes them again and
 * takes up at the next batch.
 */
export async function refreshScores(
  context: SessionContext,
  params: RefreshParams,
  checkpoint: Checkpoint,
  compute: ScoringComputation,
): Promise<Readonly<Record<string, unknown>>> {
  const start = (checkpoint.cursor ?? {}) as Cursor
  const log = await readPurchaseLog(context, {
    through: params.asOf,
    withItems: params.models.some((model) => model === 'growth' || model === 'next_purchase'),
    signal: checkpoint.signal,
    onPage: (read) => checkpoint.save({ cursor: { ...start }, done: start.done ?? 0, counts: { ordersRead: read } }),
  })
  const orders = log.purchases.at.length
  const known = params.models.includes('relationship') ? await countKnownContacts(context, params.asOf) : 0
  const total = log.customerIds.length + known
  const columns = orders > 0 ? await computed(context, params, log, compute, { checkpoint, start, total }) : undefined
  const names = { currency: log.currency, minorUnits: 10 ** minorDigits(log.currency), items: log.items }
  const writer = { context, params, checkpoint, total, runId: context.cause?.replace(/^run:/, '') ?? '' }
  const reached = columns ? await writeCustomers(writer, columns, log, names, start) : start
  if (known > 0) await writeKnownContacts(writer, reached)
  return {
    customers: 0,
    ...(columns && scoreFindings(columns, names)),
    ...(known > 0 && { contactsWithoutPurchase: known }),
    orders,
    excludedOtherCurrency: log.excludedOtherCurrency,
    purchaseModel: params.purchaseModel,
  }
}

/** Has the scores computed, and tells that the run is alive meanwhile. A run that was cancelled stops the computation. */
async function computed(
  context: SessionContext,
  params: RefreshParams,
  log: PurchaseLog,
  compute: ScoringComputation,
  progress: { readonly checkpoint: Checkpoint; readonly start: Cursor; readonly total: number },
): Promise<ScoreColumns> {
  const { checkpoint, start, total } = progress
  const save = (): Promise<void> => checkpoint.save({ cursor: { ...start }, done: start.done ?? 0, total })
  await save()
  const previousStage = params.models.includes('relationship')
    ? await readPreviousStages(context, log.customerIds, params.asOf, checkpoint.signal)
    : new Int8Array(log.customerIds.length).fill(-1)
  const stop = new AbortController()
  const timer = setInterval(() => save().catch((error: unknown) => stop.abort(error)), signOfLifeMs)
  try {
    const { purchases, currency } = log
    const job = { ...params, minorUnits: 10 ** minorDigits(currency), purchases, previousStage }
    return await compute(job, AbortSignal.any([checkpoint.signal, stop.signal]))
  } finally {
    clearInterval(timer)
  }
}

interface Writer {
  readonly context: SessionContext
  readonly params: RefreshParams
  readonly checkpoint: Checkpoint
  readonly total: number
  readonly runId: string
}

async function writeCustomers(
  writer: Writer,
  columns: ScoreColumns,
  log: PurchaseLog,
  names: ScoreNames,
  start: Cursor,
): Promise<Cursor> {
  const { models } = writer.params
  const idOf = (row: number): string => log.customerIds[columns.customer[row]!]!
  const rows = columns.customer.length
  // Each model is a write, and so is the contact.
  const batch = Math.floor(mostWrites / (models.length + 1))
  let reached = start
  for (let row = firstAfter(rows, idOf, start.after); row < rows; row += batch) {
    const end = Math.min(row + batch, rows)
    const scored = Array.from({ length: end - row }, (_, index): ContactScores => {
      const scores = models.flatMap((model) => {
        const score = rowScore(model, columns, row + index, names)
        return score ? [[model, score] as const] : []
      })
      return { contactId: idOf(row + index), scores: new Map(scores) }
    })
    await writeScores(writer.context, { asOf: writer.params.asOf, runId: writer.runId }, scored)
    reached = { ...reached, after: idOf(end - 1), done: end }
    await writer.checkpoint.save({ cursor: { ...reached }, done: end, total: writer.total })
  }
  return reached
}

/** Contacts who bought nothing have a relationship too: it has only just begun. */
async function writeKnownContacts(writer: Writer, start: Cursor): Promise<void> {
  const { context, params, checkpoint, total } = writer
  let reached = start
  for (;;) {
    const page = await readKnownContacts(context, params.asOf, reached.afterKnown, mostWrites / 2)
    const last = page.rows.at(-1)
    if (!last) return
    await writeScores(
      context,
      { asOf: params.asOf, runId: writer.runId },
      page.rows.map((contact) => ({
        contactId: contact.id,
        scores: new Map([['relationship', stageOfKnownContact(contact, params.asOf)]]),
      })),
    )
    reached = { ...reached, afterKnown: last.id, done: (reached.done ?? 0) + page.rows.length }
    await checkpoint.save({ cursor: { ...reached }, done: reached.done ?? 0, total })
    if (page.done) return
  }
}

/** The row to go on at. Customers come by id, so one whose orders were removed meanwhile moves nobody out of reach. */
function firstAfter(rows: number, idOf: (row: number) => string, after: string | undefined): number {
  if (after === undefined) return 0
  let row = 0
  while (row < rows && compareCodePoints(idOf(row), after) <= 0) row++
  return row
}
