import { isMoney } from '../element/is-money.js'
import type { Localiser } from '../localisation/localiser.js'

/** Evidence that core states in weeks, the unit of its purchase models. */
const spans: ReadonlySet<string> = new Set(['silence', 'usualGap', 'age', 'typicalSilence', 'typicalSilenceOfAll'])
/** Evidence that core states in minor units of the score's currency. */
const amounts: ReadonlySet<string> = new Set([
  'netValue',
  'cut',
  'costToServe',
  'growthPotential',
  'bought',
  'boughtNew',
  'typicalSpend',
  'typicalSpendOfAll',
])
/** Evidence that core states as a ratio of 0 to 1. */
const shares: ReadonlySet<string> = new Set(['probabilityAlive', 'survival', 'part', 'similarity'])
/** Evidence that is a name rather than a number. */
const names: ReadonlySet<string> = new Set(['owned'])

/**
 * The facts behind a reason in one line, such as `since last purchase 4.1 weeks · usual gap 9.9 weeks`. An RFM score is
 * its place on the scale: `4 / 5`. Empty when there is nothing that can be shown.
 */
export function evidenceText(evidence: unknown, currency: unknown, localiser: Localiser): string {
  if (typeof evidence !== 'object' || evidence === null) return ''
  const facts = Object.entries(evidence).filter(
    (fact): fact is [string, number | string] =>
      Number.isFinite(fact[1]) || (names.has(fact[0]) && typeof fact[1] === 'string'),
  )
  const { score, bins } = Object.fromEntries(facts)
  if (typeof score === 'number' && typeof bins === 'number')
    return `${localiser.number(score)} / ${localiser.number(bins)}`
  return facts.map(([name, value]) => `${localiser.label('evidence', name)} ${shown(name, value)}`).join(' · ')

  function shown(name: string, value: number | string): string {
    if (typeof value === 'string') return value
    if (shares.has(name)) return localiser.share(value)
    const amount = { amountMinor: Math.round(value), currency }
    if (amounts.has(name) && isMoney(amount)) return localiser.money(amount)
    return spans.has(name) ? localiser.weeks(value) : localiser.number(Math.round(value * 10) / 10)
  }
}
