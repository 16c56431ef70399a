import type { FieldColumn } from './field-column.js'
import { agreementBits, bitsOfPrior, FieldBits, type MatchModel } from './match-model.js'
import type { MatchReason } from './match-options.js'

/**
 * Log odds, in bits, that two records are the same entity. A pair that cannot reach `atLeast` may be given up halfway: then the result
 * is some number below it.
 */
export type PairScore = (left: number, right: number, atLeast?: number) => number

/** What reading a level costs, the dearest last: an address is looked up, a name is taken apart. */
const costOrder = ['phone', 'date', 'email', 'text', 'companyName', 'personName']

/** Scores pairs by adding the weights of all fields to the prior. */
export function weightedScore(columns: readonly FieldColumn[], model: MatchModel): PairScore {
  const base = bitsOfPrior(model.prior)
  const steps = columns
    .map((column, index) => ({ column, bits: new FieldBits(column, model.fields[index]!, model.duplicates) }))
    .toSorted((a, b) => costOrder.indexOf(a.column.kind.name) - costOrder.indexOf(b.column.kind.name))
  const mostAfter = steps.map((_, index) => steps.slice(index + 1).reduce((sum, { bits }) => sum + bits.most, 0))
  const atMost = new Float64Array(steps.length)
  return (left, right, atLeast = Number.NEGATIVE_INFINITY) => {
    // First what a glance allows at most; then, where that is enough, field by field what it is.
    let sum = base
    for (let index = 0; index < steps.length; index++) {
      const { column, bits } = steps[index]!
      const most = bits.atMost(column.reach(left, right), left, right)
      atMost[index] = most
      sum += most
      if (sum + mostAfter[index]! < atLeast) return sum
    }
    for (let index = 0; index < steps.length; index++) {
      const { column, bits } = steps[index]!
      sum += bits.of(column.level(left, right), left, right) - atMost[index]!
      if (sum < atLeast) return sum
    }
    return sum
  }
}

/** What each field that both records have says, the strongest first. */
export function pairReasons(
  columns: readonly FieldColumn[],
  model: MatchModel,
  left: number,
  right: number,
): MatchReason[] {
  return columns
    .flatMap((column, index): MatchReason[] => {
      const level = column.level(left, right)
      const name = column.kind.levels[level]?.name
      if (name === undefined) return []
      const bits = agreementBits(column, model.fields[index]!, level, left, right, model.duplicates)
      const evidence = { field: column.name, bits: Math.round(bits * 10) / 10 }
      return [{ what: `${column.kind.name}.${name}`, effect: bits >= 0 ? 'raises' : 'lowers', evidence }]
    })
    .toSorted((a, b) => Math.abs(b.evidence.bits) - Math.abs(a.evidence.bits))
}
