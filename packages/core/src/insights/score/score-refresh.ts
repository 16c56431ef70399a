import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { RunKind } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { isCrmError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import { compareCodePoints } from '../../kernel/text-safety.js'
import { type CustomerScores, type PurchaseModel, scoreCustomers } from './customer-scores.js'
import { readPurchaseLog } from './purchase-log.js'
import { planScore, type Score, type ScoreModel } from './score-entity.js'

/** What a refresh was asked for. */
export interface RefreshParams {
  readonly models: readonly ScoreModel[]
  /** Nothing later counts. */
  readonly asOf: string
  readonly purchaseModel: PurchaseModel
  readonly timeZone: string
}

/** Four writes a customer keep a batch under 1,000. */
const customersPerBatch = 250
const modelVersion = '1'

/**
 * Scores every customer as of a moment: reads the purchases page by page, fits, then writes scores and their projections onto
 * contacts in batches. Fits follow from the data and the moment, so an interrupted run takes up at the next batch.
 */
export const scoreRefreshRun: RunKind<RefreshParams> = {
  kind: 'scores.refresh',
  async execute(context, params, checkpoint) {
    const { after, done = 0 } = (checkpoint.cursor ?? {}) as { after?: string; done?: number }
    const log = await readPurchaseLog(context, params.asOf, checkpoint.signal, (read) =>
      checkpoint.save({ cursor: { after, done }, done, counts: { ordersRead: read } }),
    )
    if (log.customerId.length === 0) return { customers: 0, orders: 0, excludedOtherCurrency: 0 }
    const scores = scoreCustomers(log, params)
    const total = scores.customerIds.length
    const runId = context.cause?.replace(/^run:/, '') ?? ''
    for (let row = firstAfter(scores.customerIds, after); row < total; row += customersPerBatch) {
      const end = Math.min(row + customersPerBatch, total)
      await writeScores(context, params, scores, runId, row, end)
      await checkpoint.save({ cursor: { after: scores.customerIds[end - 1], done: end }, done: end, total })
    }
    return summaryOf(scores, log.customerId.length, log.excludedOtherCurrency)
  },
}

/** The row to go on at. Customers come by id, so one whose orders were removed meanwhile moves nobody out of reach. */
function firstAfter(customerIds: readonly string[], after: string | undefined): number {
  if (after === undefined) return 0
  const row = customerIds.findIndex((id) => compareCodePoints(id, after) > 0)
  return row < 0 ? customerIds.length : row
}

/** One batch. When a contact is gone, the others are written without it. */
async function writeScores(
  context: SessionContext,
  params: RefreshParams,
  scores: CustomerScores,
  runId: string,
  from: number,
  to: number,
): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, index) => from + index)
  const plan = (chosen: readonly number[]): EntityChange[] =>
    chosen.flatMap((row) => planCustomer(context, params, scores, runId, row))
  try {
    await commit(context, plan(rows))
  } catch (error) {
    if (!isCrmError(error, 'not_found')) throw error
    const contacts = await context.storage.getMany(
      'contact',
      rows.map((row) => scores.customerIds[row] as string),
    )
    await commit(context, plan(rows.filter((_, index) => contacts[index] !== undefined)))
  }
}

function planCustomer(
  context: SessionContext,
  params: RefreshParams,
  scores: CustomerScores,
  runId: string,
  row: number,
): EntityChange[] {
  const subjectId = scores.customerIds[row] as string
  const common = {
    subjectType: 'contact',
    subjectId,
    modelVersion,
    asOf: params.asOf,
    computedAt: instantOf(context.clock.now()),
    runId,
  }
  const set: Record<string, unknown> = {}
  const changes: EntityChange[] = []
  const add = (score: Pick<Score, 'model' | 'value' | 'label' | 'reasons' | 'parameters'>): void => {
    changes.push(planScore({ ...common, ...score }))
  }
  if (params.models.includes('rfm')) {
    const { recency, frequency, monetary, segment, bins } = scores.rfm
    const [r, f, m] = [recency[row] as number, frequency[row] as number, monetary[row] as number]
    add({
      model: 'rfm',
      value: (r + f + m) / 3,
      label: segment[row] as string,
      reasons: scores.rfmReasonsOf(row),
      parameters: { bins, recency: r, frequency: f, monetary: m },
    })
    Object.assign(set, {
      'scores.rfm.recency': r,
      'scores.rfm.frequency': f,
      'scores.rfm.monetary': m,
      'scores.rfm.segment': segment[row],
    })
  }
  const amountMinor = scores.lifetimeValueMinor[row] as number
  const alive = scores.probabilityAlive[row] as number
  const purchases = scores.expectedPurchases[row] as number
  if (params.models.includes('clv') && scores.predicts) {
    const parameters = {
      currency: scores.currency,
      model: scores.purchaseModel,
      probabilityAlive: alive,
      expectedPurchases: purchases,
      months: 12,
    }
    add({ model: 'clv', value: amountMinor, reasons: scores.purchaseReasonsOf(row), parameters })
    Object.assign(set, {
      'scores.clv.amountMinor': amountMinor,
      'scores.clv.currency': scores.currency,
      'scores.clv.probabilityAlive': alive,
      'scores.clv.expectedPurchases': purchases,
      'scores.clv.asOf': params.asOf,
    })
  }
  if (params.models.includes('value') && scores.predicts) {
    add({
      model: 'value',
      value: amountMinor,
      label: scores.tiers.tier[row] as string,
      reasons: scores.tierReasonsOf(row),
      parameters: { currency: scores.currency },
    })
    set['scores.value.tier'] = scores.tiers.tier[row]
  }
  if (Object.keys(set).length > 0) changes.push({ kind: 'derive', entity: 'contact', id: subjectId, set })
  return changes
}

/** What the run found, for people to check: fits with their parameters, and sums. */
function summaryOf(
  scores: CustomerScores,
  orders: number,
  excludedOtherCurrency: number,
): Readonly<Record<string, unknown>> {
  const plain = <F extends object>(fit: F): F => JSON.parse(JSON.stringify(fit)) as F
  return {
    customers: scores.customerIds.length,
    orders,
    excludedOtherCurrency,
    currency: scores.currency,
    purchaseModel: scores.purchaseModel,
    bgNbd: plain(scores.fits.bgNbd),
    mbgNbd: plain(scores.fits.mbgNbd),
    gammaGamma: plain(scores.fits.gammaGamma),
    lifetimeValueMinor: scores.lifetimeValueMinor.reduce((sum, value) => sum + value, 0),
    tiers: plain(scores.tiers.totals),
  }
}
