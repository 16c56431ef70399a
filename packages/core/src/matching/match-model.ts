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

/** The weights of one field, in bits, with what can be known of them before pairs are looked at. */
export class FieldBits {
  /** The most that any pair can have, or 0. */
  readonly most: number
  readonly #column: FieldColumn
  readonly #weights: FieldWeights
  readonly #duplicates: number
  /** Per level, its weight where it is the same for all values. */
  readonly #fixed: readonly (number | undefined)[]
  /** Per level, the most that it or a worse one with a fixed weight has. */
  readonly #mostFrom: readonly number[]

  constructor(column: FieldColumn, weights: FieldWeights, duplicates: number) {
    this.#column = column
    this.#weights = weights
    this.#duplicates = duplicates
    const { levels } = column.kind
    const ratios = levels.map((_, level) => Math.log2(weights.m[level]! / weights.u[level]!))
    this.#fixed = levels.map(({ counts }, level) => (counts === undefined ? ratios[level] : undefined))
    this.#mostFrom = levels.map((_, from) =>
      Math.max(...this.#fixed.slice(from).map((bits) => bits ?? Number.NEGATIVE_INFINITY)),
    )
    const rarest = levels.map(({ counts }, level) =>
      counts === undefined
        ? ratios[level]!
        : Math.log2(
            weights.m[level]! / ((fewestOthers + pseudoCount * weights.u[level]!) / (column.filled + pseudoCount)),
          ),
    )
    this.most = Math.max(0, ...rarest)
  }

  /** Weight of a level for two records. */
  of(level: number, left: number, right: number): number {
    if (level === missing) return 0
    return this.#fixed[level] ?? agreementBits(this.#column, this.#weights, level, left, right, this.#duplicates)
  }

  /** The most that two records can have, from the best level they can reach. */
  atMost(reach: number, left: number, right: number): number {
    if (reach === missing) return 0
    const fixed = this.#mostFrom[reach]!
    return this.#fixed[reach] === undefined ? Math.max(fixed, this.of(reach, left, right)) : fixed
  }
}

/** Log odds, in bits, that two blindly chosen records are the same entity. */
export function bitsOfPrior(prior: number): number {
  return Math.log2(prior / (1 - prior))
}

/** The probability of given log odds in bits. */
export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits)
}
