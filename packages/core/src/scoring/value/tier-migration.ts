import { requireNumbers, requireRows } from '../number-column.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { ValueTier } from './value-tiers.js'

/** The tiers of one day: ids, tiers and net values in the same order, as `valueTiers` gives them. */
export interface TierSnapshot {
  customerIds: readonly string[]
  tier: readonly ValueTier[]
  netValue: Float64Array
}

/** Customers who went from one tier to another, or stayed; `none` where they were not among the customers of that day. */
export interface TierMove {
  from: ValueTier | 'none'
  to: ValueTier | 'none'
  customers: number
  /** Sum of their net value on either day; 0 on the side of `none`. */
  valueBefore: number
  valueAfter: number
}

export interface TierMigration {
  /** What happened at all, from the best tier down, `none` last. */
  moves: TierMove[]
  /** Customers of both days in the same tier, a better one, a worse one; customers of the second day or the first day alone. */
  stayed: number
  risen: number
  fallen: number
  joined: number
  left: number
}

/** Best first; growth potential counts for more than none. */
const TIERS: readonly TierMove['from'][] = ['most_valuable', 'most_growable', 'standard', 'below_zero', 'none']

/**
 * Migration between value tiers from one day to another: how many customers moved from which tier to which, and what they
 * were and are worth (the migration model of Dwyer, Journal of Direct Marketing 3(4), 1989, over tiers instead of recency).
 * Customers are matched by id. Use one set of cuts, or remember that with quantiles as cuts somebody falls whenever somebody
 * rises. Throws ScoringInputError naming column and row, also for an id that comes twice.
 */
export function tierMigration(before: TierSnapshot, after: TierSnapshot): TierMigration {
  const rowsBefore = rowsOf('before', before)
  const rowsAfter = rowsOf('after', after)
  const moves = TIERS.flatMap((from) =>
    TIERS.map((to): TierMove => ({ from, to, customers: 0, valueBefore: 0, valueAfter: 0 })),
  )
  const migration: TierMigration = { moves: [], stayed: 0, risen: 0, fallen: 0, joined: 0, left: 0 }
  for (const id of new Set([...rowsBefore.keys(), ...rowsAfter.keys()])) {
    const was = rowsBefore.get(id)
    const is = rowsAfter.get(id)
    const from = TIERS.indexOf(was === undefined ? 'none' : before.tier[was]!)
    const to = TIERS.indexOf(is === undefined ? 'none' : after.tier[is]!)
    const move = moves[from * TIERS.length + to]!
    move.customers += 1
    if (was !== undefined) move.valueBefore += before.netValue[was]!
    if (is !== undefined) move.valueAfter += after.netValue[is]!
    if (was === undefined) migration.joined++
    else if (is === undefined) migration.left++
    else if (from === to) migration.stayed++
    else if (to < from) migration.risen++
    else migration.fallen++
  }
  migration.moves = moves.filter(({ customers }) => customers > 0)
  return migration
}

function rowsOf(day: string, { customerIds, tier, netValue }: TierSnapshot): Map<string, number> {
  const n = customerIds.length
  requireRows(`${day}.tier`, tier, n, `${day}.customerIds`)
  requireNumbers(
    `${day}.netValue`,
    netValue,
    n,
    `${day}.customerIds`,
    -Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER,
  )
  const rows = new Map<string, number>()
  for (let row = 0; row < n; row++) {
    if (rows.has(customerIds[row]!)) {
      throw new ScoringInputError(
        { column: `${day}.customerIds`, row },
        'the id comes twice',
        'Give one row per customer',
      )
    }
    if (!TIERS.includes(tier[row]!) || (tier[row] as string) === 'none') {
      throw new ScoringInputError({ column: `${day}.tier`, row }, 'not a value tier', 'Give what valueTiers gave')
    }
    rows.set(customerIds[row]!, row)
  }
  return rows
}
