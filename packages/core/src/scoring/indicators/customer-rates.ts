import { type Indicator, ratio, requireAmounts, share } from './indicator.js'

/**
 * Customers of the start who are still active at the end / customers of the start, a ratio (Farris et al., Marketing
 * Metrics, 2010). Customers won in between count nowhere. Flaw: "active" is a rule of yours, and a small customer
 * weighs as much as a big one.
 */
export function retentionRate(counts: { stillActive: number; atStart: number }): Indicator {
  return share('retention_rate', counts, 'stillActive', 'atStart')
}

/**
 * Customers of the start who were lost / customers of the start: 1 - retention. Source and flaw as there; where customers
 * have no contract a loss is never seen, only guessed: use P(alive).
 */
export function churnRate(counts: { lost: number; atStart: number }): Indicator {
  return share('churn_rate', counts, 'lost', 'atStart')
}

/**
 * Prospects won / prospects targeted, a ratio (Kumar & Reinartz, Customer Relationship Management, 2018). Flaw: says
 * nothing of cost or quality; recent targets have not had their time.
 */
export function acquisitionRate(counts: { won: number; targeted: number }): Indicator {
  return share('acquisition_rate', counts, 'won', 'targeted')
}

/**
 * (new - lost) / customers of the start: a ratio from -1 up. Definition of this package. Flaw: hides a leaking base
 * behind costly acquisition; read it beside churn.
 */
export function netGrowthRate(counts: { gained: number; lost: number; atStart: number }): Indicator {
  requireAmounts(counts, ['gained', 'lost', 'atStart'])
  return ratio('net_growth_rate', counts.gained - counts.lost, counts.atStart)
}

/**
 * Buyers with two or more purchases / buyers, in one window, a ratio. Definition as in retail analytics. Flaw: those who
 * came late in the window had no time to return; compare cohorts of one age.
 */
export function repeatPurchaseRate(counts: { repeatBuyers: number; buyers: number }): Indicator {
  return share('repeat_purchase_rate', counts, 'repeatBuyers', 'buyers')
}

/**
 * Those who took the step / those who could, a ratio: say once whether you count people or visits (Farris et al.). Flaw:
 * falls when unfit visitors come, though nothing got worse.
 */
export function conversionRate(counts: { converted: number; visitors: number }): Indicator {
  return share('conversion_rate', counts, 'converted', 'visitors')
}

/**
 * Customers with products of two or more categories / customers with any, a ratio (cross-buying in Kumar & Reinartz). Flaw:
 * depends on how finely categories are cut; unprofitable cross-buyers exist (Shah, Kumar, Qu & Chen 2012).
 */
export function crossSellRate(counts: { multiCategory: number; customers: number }): Indicator {
  return share('cross_sell_rate', counts, 'multiCategory', 'customers')
}

/**
 * What a part (product, customer, channel) contributes / the total of all parts, a ratio. Either may be negative, as a
 * loss-maker's margin is; without a value where the total is not above zero. Definition of this package. Flaw: shares of a total with losses in it
 * can exceed 1.
 */
export function contributionShare(amounts: { part: number; total: number }): Indicator {
  requireAmounts(amounts, ['part', 'total'], -Infinity)
  return ratio('contribution_share', amounts.part, amounts.total)
}

/**
 * Cases solved at the first contact / cases solved, a ratio. Count a case as solved at the first contact only when it was
 * not re-opened in your window (7 days is usual). Definition of service practice. Flaw: rises when hard cases are left unsolved, or easy ones are not
 * prevented.
 */
export function firstContactResolution(counts: { firstContact: number; resolved: number }): Indicator {
  return share('first_contact_resolution', counts, 'firstContact', 'resolved')
}

/**
 * (talk + hold + after-contact work) / contacts handled, in the unit of the times (COPC and call-centre practice; Cleveland,
 * Call Center Management on Fast Forward). Flaw: a mean of a skewed quantity, and a target on it makes agents hang up.
 */
export function averageHandlingTime(times: {
  talk: number
  hold?: number
  afterWork?: number
  handled: number
}): Indicator {
  const { talk, hold = 0, afterWork = 0, handled } = times
  requireAmounts({ talk, hold, afterWork, handled }, ['talk', 'hold', 'afterWork', 'handled'])
  return ratio('average_handling_time', talk + hold + afterWork, handled)
}
