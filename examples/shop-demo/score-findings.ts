import type { CrmSession } from '@rapport/core'
import {
  type BgNbdFit,
  type PurchaseTracking,
  repeatPurchaseTimes,
  summarizeTransactions,
  trackPurchases,
} from '@rapport/core/scoring'
import type { CdnowPurchase } from './read-cdnow.js'
import { finishedScoring, scoredAsOf } from './score-customers.js'

/** A cell of the RFM matrix. */
export interface RfmCell {
  readonly customers: number
  readonly segment?: string
}

/** A group of customers who are alike, told by its typical member. */
export interface CustomerGroup {
  readonly customers: number
  /** Weeks since the last purchase, purchases, and spend in US dollars. */
  readonly typical: { readonly recency: number; readonly frequency: number; readonly monetary: number }
}

/** What the last scoring found, for pictures. */
export interface ScoreFindings {
  readonly customers: number
  /** When it was computed. */
  readonly computedAt: string
  /** By recency score, the least recent first, and by frequency score. */
  readonly rfmMatrix: readonly (readonly RfmCell[])[]
  /** Tenths of the customers from the most valuable down, in US cents. */
  readonly lifetimeValueDeciles: readonly { readonly customers: number; readonly valueMinor: number }[]
  readonly churn: Readonly<Record<'low' | 'medium' | 'high', number>>
  readonly relationship: Readonly<Record<string, number>>
  readonly groups: readonly CustomerGroup[]
  /** How many weeks the model saw. */
  readonly calibrationWeeks: number
  /** Repeat purchases by week over the whole log. */
  readonly tracking: PurchaseTracking
}

type RunResult = Omit<ScoreFindings, 'computedAt' | 'calibrationWeeks' | 'tracking'> & { readonly bgNbd: BgNbdFit }

/**
 * Looks the findings of the last finished scoring up. They are computed in the run; only the tracking plot is made here, since it
 * shows what came after the day that was scored at. Throws when nothing was scored yet.
 */
export function findingsReader(purchases: readonly CdnowPurchase[]): (session: CrmSession) => Promise<ScoreFindings> {
  const log = {
    customerId: purchases.map(({ customerId }) => customerId),
    at: purchases.map(({ day }) => day),
    amount: purchases.map(({ price }) => price.amountMinor / 100),
  }
  const summary = summarizeTransactions(log, { unit: 'week', observationEnd: scoredAsOf })
  const calibrationWeeks = summary.age.reduce((longest, age) => Math.max(longest, age), 0)
  const repeatTimes = repeatPurchaseTimes(log, { unit: 'week' })
  return async (session) => {
    const run = await finishedScoring(session)
    if (run?.result === undefined) throw new Error('The customers were not scored yet')
    const { bgNbd, ...found } = run.result as unknown as RunResult
    return {
      ...found,
      computedAt: run.finishedAt ?? run.updatedAt,
      calibrationWeeks,
      tracking: trackPurchases({ fit: bgNbd, summary, repeatTimes, periodLength: 1 }),
    }
  }
}
