import { CandidateBlocks } from './candidate-blocks.js'
import { type ClusterLimits, clusterRecords, connectedProbabilities, type Link } from './cluster-records.js'
import { estimateModel } from './estimate-model.js'
import type { FieldColumn } from './field-column.js'
import { bitsOfPrior, type MatchModel, probabilityOf } from './match-model.js'
import type { MatchableRecord, MatchedPair, MatchOptions, MatchResult } from './match-options.js'
import { compileRules } from './match-rules.js'
import { MatchingInputError } from './matching-input-error.js'
import { type PairScore, pairReasons, weightedScore } from './pair-score.js'
import { placesOfIds, recordColumns } from './record-columns.js'

const defaultThreshold = 0.95
const defaultLargest = 50
/** Log odds of a pair that the rules let through, or keep out. */
const certainBits = 12

/**
 * Finds the records that are the same entity.
 *
 * Values are read by the kind of their field, so that `Bob King`, `KING, Robert` and `罗伯特` differ no more than people mean them to;
 * records that share a telling value are compared field by field at graded levels; each level weighs log2(m/u) bits (Fellegi & Sunter
 * 1969), where rare values weigh more than common ones; pairs above the threshold are joined into clusters that agree on average. The
 * weights are known beforehand for each kind of field and adjusted to the data within bounds. The same records give the same result.
 *
 * Up to about 1.5 million records in one call; memory grows by about 2 KiB a record. Throws {@link MatchingInputError}.
 */
export function matchRecords(records: readonly MatchableRecord[], options: MatchOptions): MatchResult {
  const places = placesOfIds(records)
  const columns = recordColumns(records, options)
  const threshold = checkedThreshold(options.threshold)
  const limits = clusterLimits(places, options)
  const blocks = new CandidateBlocks(columns, records.length)
  const model = checkedModel(options.model, columns) ?? estimateModel(columns, blocks, records.length)
  const score = scoreOf(columns, model, options)
  // Without any evidence two records are as alike as any two, however low the threshold.
  const leastBits = Math.max(Math.log2(threshold / (1 - threshold)), bitsOfPrior(model.prior) + 1)
  const side = sidesOf(records, options)
  const links: Link[] = []
  blocks.forEachPair((left, right) => {
    if (side && side[left] === side[right]) return
    const bits = score(left, right, leastBits)
    if (bits >= leastBits && !limits.areDifferent(left, right)) links.push({ left, right, bits })
  })
  const clusters = clusterRecords(links, score, limits)
  const pairs = clusters.flatMap((members) => pairsOf(members, { records, columns, model, score, threshold, side }))
  return { pairs, clusters: clusters.map((members) => members.map((place) => records[place]!.id)), model }
}

interface Matched {
  readonly records: readonly MatchableRecord[]
  readonly columns: readonly FieldColumn[]
  readonly model: MatchModel
  readonly score: PairScore
  readonly threshold: number
  readonly side: Int32Array | undefined
}

/** All pairs of a cluster; across sources only, where two are linked. */
function pairsOf(
  members: readonly number[],
  { records, columns, model, score, threshold, side }: Matched,
): MatchedPair[] {
  const direct = members.map((left) => members.map((right) => (left === right ? 1 : probabilityOf(score(left, right)))))
  const connected = connectedProbabilities(direct)
  const pairs: MatchedPair[] = []
  for (let first = 0; first < members.length; first++) {
    for (let second = first + 1; second < members.length; second++) {
      const [left, right] = [members[first]!, members[second]!]
      if (side && side[left] === side[right]) continue
      const alone = direct[first]![second]!
      const reasons: MatchedPair['reasons'] = pairReasons(columns, model, left, right)
      const through = { what: 'cluster.connected', effect: 'raises', evidence: { records: members.length } } as const
      pairs.push({
        a: records[left]!.id,
        b: records[right]!.id,
        probability: connected[first]![second]!,
        reasons: alone < threshold ? [...reasons, through] : reasons,
      })
    }
  }
  return pairs
}

/** By weights, or by rules where there are any. */
export function scoreOf(columns: readonly FieldColumn[], model: MatchModel, options: MatchOptions): PairScore {
  if (options.rules === undefined) return weightedScore(columns, model)
  const holds = compileRules(options.rules, columns)
  return (left, right) => (holds(columns.map((column) => column.level(left, right))) ? certainBits : -certainBits)
}

export function checkedThreshold(threshold: number = defaultThreshold): number {
  if (!(threshold > 0 && threshold < 1))
    throw new MatchingInputError('threshold', 'must lie between 0 and 1, both left out')
  return threshold
}

/** A model that was handed in fits when it has weights for the same fields, of the same kinds. */
export function checkedModel(model: MatchModel | undefined, columns: readonly FieldColumn[]): MatchModel | undefined {
  if (model === undefined) return undefined
  const fits =
    model.prior > 0 &&
    model.prior < 1 &&
    model.fields?.length === columns.length &&
    columns.every(({ name, kind }, index) => {
      const weights = model.fields[index]
      const shares = [...(weights?.m ?? []), ...(weights?.u ?? [])]
      return (
        weights?.field === name &&
        weights.kind === kind.name &&
        shares.length === kind.levels.length * 2 &&
        shares.every((share) => share > 0 && share <= 1)
      )
    })
  if (!fits) throw new MatchingInputError('model', 'was made for other fields; leave it out to fit a new one')
  return model
}

function sidesOf(records: readonly MatchableRecord[], { link }: MatchOptions): Int32Array | undefined {
  if (link === undefined) return undefined
  if (typeof link.side !== 'string' || link.side === '')
    throw new MatchingInputError('link.side', 'must name the field that tells the source')
  const names = new Map<unknown, number>()
  return Int32Array.from(records, (record) => {
    const name = record[link.side]
    if (!names.has(name)) names.set(name, names.size)
    return names.get(name)!
  })
}

function clusterLimits(places: ReadonlyMap<string | number, number>, options: MatchOptions): ClusterLimits {
  const { notDuplicates = [], largestCluster: largest = defaultLargest } = options
  if (!Number.isInteger(largest) || largest < 2 || largest > 1_000) {
    throw new MatchingInputError('largestCluster', 'must be a whole number from 2 to 1,000')
  }
  const apart = new Map<number, Set<number>>()
  for (const [index, pair] of notDuplicates.entries()) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new MatchingInputError(`notDuplicates.${index}`, 'must be two ids')
    const [left, right] = pair.map((id) => places.get(id))
    // A link may outlive a record: one that is not here keeps nothing apart.
    if (left === undefined || right === undefined) continue
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const) {
      const others = apart.get(from)
      if (others) others.add(to)
      else apart.set(from, new Set([to]))
    }
  }
  return { largest, areDifferent: (left, right) => apart.get(left)?.has(right) ?? false }
}
