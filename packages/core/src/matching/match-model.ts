import { type FieldColumn, missing } from './field-column.js'

/** What is known of a field: how often each level of agreement is found in records of the same and of different entities. */
export interface FieldWeights {
  readonly field: string
  readonly kind: string
  /** By level, in the order of the kind. */
  readonly m: readonly number[]
  readonly u: readonly number[]
}

/** Fellegi and Sunter's model: the weights of all fields, and how likely two records chosen blindly are the same entity. */
export interface MatchModel {
  readonly prior: number
  /** Other records of the same entity that a record has on average. */
  readonly duplicates: number
  readonly fields: readonly FieldWeights[]
}

/** How many records a prior frequency counts for when the frequency of a value is taken from the data. */
const pseudoCount = 200
/** Records with a value of which the data hold no other: half a one. */
const fewestOthers = 0.5

/**
 * The chance that a record of another entity has the value of this record, from the data and what is known of such values. Records of
 * the same entity, as many as there are on average, are not counted.
 */
function coincidence(
  column: FieldColumn,
  level: number,
  left: number,
  right: number,
  average: number,
  duplicates: number,
): number {
  const by = column.kind.levels[level]!.counts
  if (by === undefined) return average
  const others = Math.max(fewestOthers, Math.max(column.count(left, by), column.count(right, by)) - 1 - duplicates)
  return (others + pseudoCount * average) / (column.filled + pseudoCount)
}

/**
 * The weight of an agreement in bits: log2 of m over u. Where values are counted, u is the frequency of this very value, so that two
 * people called Smith weigh less than two called Featherstonehaugh.
 */
export function agreementBits(
  column: FieldColumn,
  weights: FieldWeights,
  level: number,
  left: number,
  right: number,
  duplicates: number,
): number {
  if (level === missing) return 0
  return Math.log2(weights.m[level]! / coincidence(column, level, left, right, weights.u[level]!, duplicates))
}

/** The most bits that an agreement of a field can weigh. */
export function mostBits(column: FieldColumn, weights: FieldWeights): number {
  return Math.max(
    0,
    ...column.kind.levels.map(({ counts }, level) => {
      const u = weights.u[level]!
      const least = counts === undefined ? u : (fewestOthers + pseudoCount * u) / (column.filled + pseudoCount)
      return Math.log2(weights.m[level]! / least)
    }),
  )
}

/** Log odds, in bits, that two blindly chosen records are the same entity. */
export function bitsOfPrior(prior: number): number {
  return Math.log2(prior / (1 - prior))
}

/** The probability of given log odds in bits. */
export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits)
}
