import type { CrmSession } from '@rapport/core'
import type { CdnowPurchase } from './read-cdnow.js'
import { finishedScoring, scoredAsOf } from './score-customers.js'

/** A fitted parameter beside the value that was published for the same data. */
export interface FittedParameter {
  readonly symbol: string
  readonly fitted: number
  /** As printed, so that it tells how many digits to compare. */
  readonly published: string
}

/** A fitted model. */
export interface FittedModel {
  readonly name: string
  readonly answers: string
  readonly source: string
  readonly parameters: readonly FittedParameter[]
}

/** A segment of customers and how many are in it. */
export interface SegmentSize {
  readonly segment: string
  readonly customers: number
}

/** What the back office says about its data. Everything is read from the CRM, but for the sums of the log itself. */
export interface DemoFacts {
  readonly customers: number
  readonly orders: number
  /** `1997-09-30`. */
  readonly asOf: string
  /** Of all purchases of the log, in US cents. */
  readonly revenueMinor: number
  /** First and last day of the log. */
  readonly firstDay: string
  readonly lastDay: string
  /** Purchases that the model expects in the twelve months after {@link asOf}. */
  readonly expectedPurchases: number
  /** Predicted value of the twelve months after {@link asOf}, in US cents. */
  readonly lifetimeValueMinor: number
  /** The most valuable customers, and their share (0–1) of that value. */
  readonly mostValuable: { readonly customers: number; readonly share: number }
  readonly segments: readonly SegmentSize[]
  readonly models: readonly FittedModel[]
}

/** The part of a scoring run's result that is shown. */
interface ScoringResult {
  readonly lifetimeValueMinor: number
  readonly tiers: { readonly most_valuable?: { readonly customers: number; readonly netValue: number } }
  readonly bgNbd: {
    readonly params: { readonly r: number; readonly alpha: number; readonly a: number; readonly b: number }
    readonly logLikelihood: number
  }
  readonly gammaGamma: { readonly params: { readonly p: number; readonly q: number; readonly v: number } }
}

/** Gathers the facts. Reads every contact once, so keep the result. Throws when nothing was scored yet. */
export async function gatherFacts(session: CrmSession, purchases: readonly CdnowPurchase[]): Promise<DemoFacts> {
  const run = await finishedScoring(session)
  if (run?.result === undefined) throw new Error('The customers were not scored yet')
  const result = run.result as unknown as ScoringResult
  const sizes = new Map<string, number>()
  let customers = 0
  let expectedPurchases = 0
  for await (const { scores } of session.contacts.each({ limit: 1_000 })) {
    customers++
    expectedPurchases += scores?.clv?.expectedPurchases ?? 0
    const segment = scores?.rfm?.segment
    if (segment !== undefined) sizes.set(segment, (sizes.get(segment) ?? 0) + 1)
  }
  const days = purchases.map(({ day }) => day).sort()
  const best = result.tiers.most_valuable ?? { customers: 0, netValue: 0 }
  return {
    customers,
    orders: await session.orders.count(),
    asOf: scoredAsOf,
    revenueMinor: purchases.reduce((sum, { price }) => sum + price.amountMinor, 0),
    firstDay: days[0] as string,
    lastDay: days.at(-1) as string,
    expectedPurchases,
    lifetimeValueMinor: result.lifetimeValueMinor,
    mostValuable: { customers: best.customers, share: best.netValue / Math.max(1, result.lifetimeValueMinor) },
    segments: [...sizes]
      .map(([segment, count]) => ({ segment, customers: count }))
      .sort((left, right) => right.customers - left.customers),
    models: modelsOf(result),
  }
}

function modelsOf({ bgNbd, gammaGamma }: ScoringResult): FittedModel[] {
  const { r, alpha, a, b } = bgNbd.params
  const { p, q, v } = gammaGamma.params
  return [
    {
      name: 'BG/NBD',
      answers: 'Who is still a customer, and how often will they buy?',
      source: 'Fader, Hardie & Lee (2005), Marketing Science 24(2)',
      parameters: [
        { symbol: 'r', fitted: r, published: '0.243' },
        { symbol: 'α', fitted: alpha, published: '4.414' },
        { symbol: 'a', fitted: a, published: '0.793' },
        { symbol: 'b', fitted: b, published: '2.426' },
        { symbol: 'LL', fitted: bgNbd.logLikelihood, published: '-9582.4' },
      ],
    },
    {
      name: 'Gamma-Gamma',
      answers: 'How much will they spend each time?',
      source: 'Fader & Hardie, note 025: The Gamma-Gamma Model of Monetary Value',
      parameters: [
        { symbol: 'p', fitted: p, published: '6.25' },
        { symbol: 'q', fitted: q, published: '3.74' },
        { symbol: 'v', fitted: v, published: '15.44' },
      ],
    },
  ]
}

/** A fitted value with as many decimals as the published one. */
export function shownLikePublished({ fitted, published }: FittedParameter): string {
  return fitted.toFixed(published.split('.')[1]?.length ?? 0)
}
