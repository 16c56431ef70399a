import { requireRatio, requireWhole } from '../option-bounds.js'
import { effectOf } from '../reason-order.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { type Basket, encodeBaskets, leastCount } from './encoded-baskets.js'
import { visitFrequentItemsets } from './frequent-itemsets.js'

export interface AssociationRuleOptions {
  /** Share of all baskets that hold the items of the rule together; above 0, at most 1. */
  minSupport: number
  /** Share of the baskets with the antecedent that also hold the consequent; 0 to 1. */
  minConfidence: number
  /** Items of a rule, both sides together; 2 to 10, default 4. */
  maxLength?: number
  /** Item sets and rules beyond which the search stops with an error; default 100,000. */
  limit?: number
}

/** Who has the antecedent tends to have the consequent. Shares are ratios of all baskets. */
export interface AssociationRule {
  antecedent: string[]
  consequent: string[]
  /** Baskets with all items of both sides. */
  count: number
  support: number
  confidence: number
  /** Confidence / share of baskets with the consequent: 1 is chance, above 1 attraction. */
  lift: number
  /** Support less what chance would give. */
  leverage: number
  /** How much more often the rule would fail by chance; undefined where it never fails. */
  conviction: number | undefined
}

/**
 * Association rules (Agrawal & Srikant, VLDB 1994; leverage of Piatetsky-Shapiro 1991; conviction of Brin et al. 1997),
 * best lift first, then support, then names. Thresholds are compared as counts, with tolerance for the rounding of
 * minSupport x baskets. All baskets count in the denominator, those with one item or none too; quantities are ignored.
 * Throws ScoringInputError for baskets that are not lists of strings and where thresholds let more than `limit` sets or
 * rules through, TypeError for impossible options.
 */
export function associationRules(baskets: readonly Basket[], options: AssociationRuleOptions): AssociationRule[] {
  const { minSupport, minConfidence, maxLength = 4, limit = 100_000 } = options
  if (!(minSupport > 0 && minSupport <= 1)) throw new TypeError('minSupport must be a ratio above 0, up to 1')
  requireRatio('minConfidence', minConfidence)
  requireWhole('maxLength', maxLength, 2, 10)
  const { items, holders, rows } = encodeBaskets(baskets)
  const n = baskets.length
  const counts = new Map<string, number>()
  const sets: number[][] = []
  const search = { least: leastCount(minSupport, n), longest: maxLength, most: limit }
  const sizes = holders.map((held) => held.length)
  visitFrequentItemsets(rows, sizes, search, (set, count) => {
    counts.set(set.join(), count)
    if (set.length > 1) sets.push(set)
  })

  const rules: AssociationRule[] = []
  for (const set of sets) {
    const count = counts.get(set.join())!
    for (let mask = 1; mask < 2 ** set.length - 1; mask++) {
      const left = set.filter((_, i) => (mask >> i) & 1)
      const right = set.filter((_, i) => !((mask >> i) & 1))
      const before = counts.get(left.join())!
      if (count < leastCount(minConfidence, before)) continue
      if (rules.length === limit) {
        throw new ScoringInputError(
          { column: 'baskets' },
          `more than ${limit} rules`,
          'Raise minConfidence or minSupport',
        )
      }
      const after = counts.get(right.join())!
      rules.push({
        antecedent: left.map((item) => items[item]!),
        consequent: right.map((item) => items[item]!),
        count,
        support: count / n,
        confidence: count / before,
        lift: (count * n) / (before * after),
        leverage: count / n - (before / n) * (after / n),
        conviction: count === before ? undefined : ((1 - after / n) * before) / (before - count),
      })
    }
  }
  const name = (rule: AssociationRule) => `${rule.antecedent.join()}>${rule.consequent.join()}`
  return rules.sort((a, b) => b.lift - a.lift || b.count - a.count || (name(a) < name(b) ? -1 : 1))
}

/** Why a rule holds: the share that follows it, beside what chance would give. */
export function associationRuleReasons(rule: AssociationRule): ScoreReason[] {
  const { count, confidence, lift } = rule
  return [
    {
      what: 'bought_together',
      effect: effectOf(lift - 1),
      evidence: { antecedent: rule.antecedent.join(', '), count, confidence, lift },
    },
  ]
}
