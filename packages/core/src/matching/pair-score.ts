import type { FieldColumn } from './field-column.js'
import { agreementBits, bitsOfPrior, type MatchModel, mostBits } from './match-model.js'
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
    .map((column, index) => ({ column, weights: model.fields[index]!, most: mostBits(column, model.fields[index]!) }))
    .toSorted((a, b) => costOrder.indexOf(a.column.kind.name) - costOrder.indexOf(b.column.kind.name))
  const mostAfter = steps.map((_, index) => steps.slice(index + 1).reduce((sum, { most }) => sum + most, 0))
  return (left, right, atLeast = Number.NEGATIVE_INFINITY) => {
    let bits = base
    for (let index = 0; index < steps.length; index++) {
      const { column, weights } = steps[index]!
      bits += agreementBits(column, weights, column.level(left, right), left, right, model.duplicates)
      if (bits + mostAfter[index]! < atLeast) break
    }
    return bits
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
