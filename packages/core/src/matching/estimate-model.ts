import type { CandidateBlocks } from './candidate-blocks.js'
import { type FieldColumn, missing } from './field-column.js'
import type { AgreementLevel } from './field-kind.js'
import { bitsOfPrior, type FieldWeights, type MatchModel } from './match-model.js'

const randomDraws = 200_000
const trainingPairs = 500_000
/** What is known beforehand counts as much as this many pairs. */
const priorStrength = 200
/** How far, as a factor, a fitted m may lie from the known one. */
const farthest = 5
const rounds = 15
/** Pairs that share an identifying value, below which they cannot teach. */
const fewestAnchored = 100

/** Levels of agreement of a pair over all fields, with how many pairs show them. */
interface Pattern {
  readonly levels: readonly number[]
  count: number
}

/** Weights as they are known without any data. */
export function priorModel(columns: readonly FieldColumn[], records: number): MatchModel {
  return {
    prior: 1 / Math.max(20, records),
    duplicates: 1,
    fields: columns.map(({ name, kind }) => ({
      field: name,
      kind: kind.name,
      m: kind.levels.map(({ m }) => m),
      u: kind.levels.map(({ u }) => u),
    })),
  }
}

/**
 * Fits the model to the data: u from pairs drawn at random, m by expectation maximisation, pulled towards what is known of each kind
 * of field. Where a field identifies, only pairs that share a value of such a field teach m: over all candidates the same procedure
 * would learn what colleagues have in common.
 */
export function estimateModel(columns: readonly FieldColumn[], blocks: CandidateBlocks, records: number): MatchModel {
  const known = priorModel(columns, records)
  const observed = columns.map((column, index) => observedU(column, known.fields[index]!.u, records))
  const patterns = countPatterns(columns, blocks)
  const anchors = columns.flatMap(({ kind }, index) => (kind.identifying ? [index] : []))
  const anchored = patterns.reduce(
    (sum, { levels, count }) => (anchors.some((anchor) => levels[anchor] === 0) ? sum + count : sum),
    0,
  )
  const teachers = anchored >= fewestAnchored ? anchors : [undefined]
  let model = known
  for (let round = 0; round < rounds; round++) {
    const prior = estimatePrior(model, patterns, records)
    const withoutMatches = model.fields.map((weights, index) => ({
      ...weights,
      u: unmixed(observed[index]!, weights.m, prior, columns[index]!.kind.levels),
    }))
    const fields = estimateM({ ...model, prior, fields: withoutMatches }, patterns, teachers, columns)
    model = { prior, duplicates: prior * (records - 1), fields }
  }
  return model
}

/** The levels at which records drawn at random agree. */
function observedU(column: FieldColumn, prior: readonly number[], records: number): number[] {
  const counts = prior.map((u) => u * priorStrength)
  let total = priorStrength
  let state = 0x2545f491
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * records)
  }
  const draws = Math.min(randomDraws, records * (records - 1))
  for (let draw = 0; draw < draws; draw++) {
    const left = next()
    const right = next()
    if (left === right) continue
    const level = column.level(left, right)
    if (level === missing) continue
    counts[level]!++
    total++
  }
  return counts.map((count) => count / total)
}

/**
 * Some pairs drawn at random are matches; what they add is taken out. A level that is too rare to be drawn keeps a share of what is
 * known of it: never having seen a coincidence does not make it impossible.
 */
function unmixed(
  observed: readonly number[],
  m: readonly number[],
  prior: number,
  levels: readonly AgreementLevel[],
): number[] {
  return observed.map((share, level) => {
    const { u, counts } = levels[level]!
    const least = counts === undefined ? Math.max(share / 20, u / 10) : share / 20
    return Math.max(least, (share - prior * m[level]!) / (1 - prior))
  })
}

function countPatterns(columns: readonly FieldColumn[], blocks: CandidateBlocks): Pattern[] {
  const patterns = new Map<number, Pattern>()
  blocks.forEachPair((left, right) => {
    const levels = columns.map((column) => column.level(left, right))
    let code = 0
    for (let index = 0; index < levels.length; index++) {
      code = code * (columns[index]!.kind.levels.length + 1) + levels[index]! + 1
    }
    const known = patterns.get(code)
    if (known) known.count++
    else patterns.set(code, { levels, count: 1 })
  }, trainingPairs)
  return [...patterns.values()]
}

function estimateM(
  model: MatchModel,
  patterns: readonly Pattern[],
  teachers: readonly (number | undefined)[],
  columns: readonly FieldColumn[],
): FieldWeights[] {
  const counts = columns.map(({ kind }) => kind.levels.map(({ m }) => m * priorStrength))
  const bits = model.fields.map(({ m, u }) => m.map((value, level) => Math.log2(value / u[level]!)))
  for (const teacher of teachers) {
    for (const { levels, count } of patterns) {
      if (teacher !== undefined && levels[teacher] !== 0) continue
      // Four of five pairs that share an address or a number are one person: odds of four to one, or two bits.
      let evidence = teacher === undefined ? bitsOfPrior(model.prior) : 2
      levels.forEach((level, index) => {
        if (index !== teacher && level !== missing) evidence += bits[index]![level]!
      })
      const weight = count / (1 + 2 ** -evidence)
      levels.forEach((level, index) => {
        if (index !== teacher && level !== missing) counts[index]![level]! += weight
      })
    }
  }
  return model.fields.map((weights, index) => ({ ...weights, m: bounded(counts[index]!, columns[index]!.kind.levels) }))
}

/** Data may move what is known by a factor, not overturn it. */
function bounded(counts: readonly number[], levels: readonly AgreementLevel[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const clipped = counts.map((count, level) => {
    const { m, contradicts } = levels[level]!
    return Math.min(contradicts ? m : m * farthest, Math.max(m / farthest, count / total))
  })
  const sum = clipped.reduce((all, m) => all + m, 0)
  return clipped.map((m) => m / sum)
}

/** The share of matches among all pairs: the expected number among the candidates. */
function estimatePrior(model: MatchModel, patterns: readonly Pattern[], records: number): number {
  const base = bitsOfPrior(model.prior)
  const bits = model.fields.map(({ m, u }) => m.map((value, level) => Math.log2(value / u[level]!)))
  let expected = 0
  for (const { levels, count } of patterns) {
    let evidence = base
    levels.forEach((level, index) => {
      if (level !== missing) evidence += bits[index]![level]!
    })
    expected += count / (1 + 2 ** -evidence)
  }
  const perRecord = Math.max(200, records)
  return Math.min(20 / perRecord, Math.max(0.05 / perRecord, expected / Math.max(1, (records * (records - 1)) / 2)))
}
