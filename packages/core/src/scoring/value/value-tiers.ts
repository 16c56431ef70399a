import { quantileOfSorted } from '../numerics/quantile.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'

export type ValueTier = 'most_valuable' | 'most_growable' | 'standard' | 'below_zero'

/** One value per customer, all in one currency and for one span of time. */
export interface ValueColumns {
  customerIds?: readonly string[]
  /** What a customer brings: lifetime value or past margin, before the cost to serve. */
  value: Float64Array
  /** What the customer could bring on top if the relationship grew; default 0. */
  growthPotential?: Float64Array
  /** Cost of service, returns and discounts; default 0. */
  costToServe?: Float64Array
}

export interface ValueTierOptions {
  /** Share of customers, as a ratio, above whose quantile of net value a customer is most valuable; default 0.2. */
  mostValuableShare?: number
  /** The same for growth potential, among the customers who are neither most valuable nor below zero; default 0.2. */
  mostGrowableShare?: number
}

export interface ValueTiers {
  tier: ValueTier[]
  netValue: Float64Array
  /** A customer is most valuable above the first, most growable above the second; undefined where nobody can be. */
  cuts: { mostValuable: number | undefined; mostGrowable: number | undefined }
  /** Per tier: customers, and the sum of their net value. */
  totals: Record<ValueTier, { customers: number; netValue: number }>
}

/**
 * Sorts customers into the tiers of Peppers & Rogers (The One to One Future, 1993): below zero where the cost to serve
 * exceeds the value; most valuable where the net value is above the (1 - share) quantile (type 7) of all customers;
 * most growable where, of the rest, the growth potential is above its quantile; standard otherwise. Customers with
 * equal numbers are always in the same tier, so that nobody stands out of a base of equals.
 */
export function valueTiers(columns: ValueColumns, options: ValueTierOptions = {}): ValueTiers {
  const { value, growthPotential, costToServe } = columns
  const mostValuableShare = checkShare('mostValuableShare', options.mostValuableShare ?? 0.2)
  const mostGrowableShare = checkShare('mostGrowableShare', options.mostGrowableShare ?? 0.2)
  checkColumn('value', value, value.length)
  if (growthPotential) checkColumn('growthPotential', growthPotential, value.length)
  if (costToServe) checkColumn('costToServe', costToServe, value.length)

  const netValue = costToServe ? value.map((v, row) => v - costToServe[row]!) : value.slice()
  const mostValuable = cutAbove(netValue, mostValuableShare)
  const inMiddle = (net: number): boolean => net >= 0 && !(mostValuable !== undefined && net > mostValuable)
  const mostGrowable =
    growthPotential &&
    cutAbove(
      growthPotential.filter((_, row) => inMiddle(netValue[row]!)),
      mostGrowableShare,
    )

  const totals: ValueTiers['totals'] = {
    most_valuable: { customers: 0, netValue: 0 },
    most_growable: { customers: 0, netValue: 0 },
    standard: { customers: 0, netValue: 0 },
    below_zero: { customers: 0, netValue: 0 },
  }
  const tier: ValueTier[] = new Array(value.length)
  for (let row = 0; row < value.length; row++) {
    const net = netValue[row]!
    const chosen =
      net < 0
        ? 'below_zero'
        : !inMiddle(net)
          ? 'most_valuable'
          : mostGrowable !== undefined && growthPotential![row]! > mostGrowable
            ? 'most_growable'
            : 'standard'
    tier[row] = chosen
    totals[chosen].customers += 1
    totals[chosen].netValue += net
  }
  return { tier, netValue, cuts: { mostValuable, mostGrowable }, totals }
}

/** Why the customer of a row is in the tier, with the numbers that decided. */
export function valueTierReasons(tiers: ValueTiers, columns: ValueColumns, row: number): ScoreReason[] {
  const tier = tiers.tier[row]
  const netValue = tiers.netValue[row]
  if (tier === undefined || netValue === undefined) throw new TypeError(`There is no row ${row}`)
  const costToServe = columns.costToServe?.[row] ?? 0
  const growthPotential = columns.growthPotential?.[row] ?? 0
  const { mostValuable, mostGrowable } = tiers.cuts
  const reasons: ScoreReason[] = []
  if (tier === 'below_zero') {
    reasons.push({
      what: 'cost_exceeds_value',
      effect: 'lowers',
      evidence: { value: columns.value[row]!, costToServe, netValue },
    })
  } else if (mostValuable !== undefined) {
    const above = tier === 'most_valuable'
    reasons.push({
      what: above ? 'net_value_above_cut' : 'net_value_within_cut',
      effect: above ? 'raises' : 'neutral',
      evidence: { netValue, cut: mostValuable },
    })
  } else {
    reasons.push({ what: 'nobody_stands_out', effect: 'neutral', evidence: { netValue } })
  }
  if (tier === 'most_growable' && mostGrowable !== undefined) {
    reasons.push({
      what: 'growth_potential_above_cut',
      effect: 'raises',
      evidence: { growthPotential, cut: mostGrowable },
    })
  }
  if (tier !== 'below_zero' && costToServe > 0) {
    reasons.push({ what: 'cost_to_serve', effect: 'lowers', evidence: { costToServe } })
  }
  return reasons
}

/** The quantile above which a share of the values lies; undefined where no positive value lies above it. */
function cutAbove(values: Float64Array, share: number): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.slice().sort()
  const cut = Math.max(0, quantileOfSorted(sorted, 1 - share))
  return sorted[sorted.length - 1]! > cut ? cut : undefined
}

function checkShare(name: string, share: number): number {
  if (share >= 0 && share <= 1) return share
  throw new TypeError(`${name} must be a ratio from 0 to 1`)
}

function checkColumn(column: string, values: Float64Array, n: number): void {
  if (values.length !== n) {
    throw new ScoringInputError(
      { column },
      `the column has ${values.length} rows where value has ${n}`,
      'Give all columns the same length',
    )
  }
  const row = values.findIndex((value) => !Number.isFinite(value))
  if (row < 0) return
  throw new ScoringInputError({ column, row }, 'the amount is not a finite number', 'Give 0 where nothing is known')
}
