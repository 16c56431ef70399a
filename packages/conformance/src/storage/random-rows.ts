import type { NewRow } from '@rapport/core/storage'
import type { SeededRandom } from '../seeded-random.js'
import { idAt, specimenRow } from './specimen.js'

/** Text that adapters get wrong: case, accents, wildcards, quotes, scripts, code points beyond the basic plane. */
export const trickyTexts: readonly string[] = [
  '',
  'a',
  'A',
  'ab',
  'aB',
  'a%b',
  'a_b',
  'a\\b',
  '%',
  '_',
  "o'x",
  'é',
  'e\u0301',
  'ß',
  '中',
  '\uFF5E',
  '😀',
  '😀a',
  ' a',
  '10',
  '9',
]

export const trickyIntegers: readonly number[] = [
  0, 1, 2, 3, 5, 10, -1, -2, 9_007_199_254_740_991, -9_007_199_254_740_991,
]

/** Multiples of a quarter: their sums are exact in binary, in whatever order they are added. */
export const trickyFractions: readonly number[] = [0, 0.25, 0.5, -0.75, 1, 2.5, -100.25, 4_503_599_627.75]

export const trickyInstants: readonly string[] = [
  '0001-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '2024-02-29T12:00:00.000Z',
  '2026-03-01T10:00:00.000Z',
  '2026-03-01T10:00:00.001Z',
  '2026-12-31T23:30:00.000Z',
  '9999-12-31T23:59:59.999Z',
]

export const trickyTags: readonly string[] = ['vip', 'VIP', 'eu', '', 'a,b', '😀']

const stages = ['open', 'won', 'lost'] as const

/** The fields of a random specimen: every value from a small pool, so that ties are common; each missing now and then. */
export function randomFields(random: SeededRandom): Record<string, unknown> {
  const fields: Record<string, unknown> = { stage: random.pick(stages) }
  const offer = (field: string, value: () => unknown): void => {
    if (random.chance(0.75)) fields[field] = value()
  }
  offer('name', () => random.pick(trickyTexts))
  offer('note', () => random.pick(trickyTexts))
  offer('score', () => random.pick(trickyIntegers))
  offer('rank', () => random.integer(0, 3))
  offer('ratio', () => random.pick(trickyFractions))
  offer('active', () => random.chance(0.5))
  offer('at', () => random.pick(trickyInstants))
  offer('tags', () => random.shuffle(trickyTags).slice(0, random.integer(0, 3)))
  offer('scores.clv.value', () => random.pick(trickyFractions))
  offer('custom', () => randomCustom(random))
  if (random.chance(0.2)) fields.deletedAt = random.pick(trickyInstants)
  return fields
}

/** Random specimens with different ids, in no order. */
export function randomRows(random: SeededRandom, count: number): NewRow[] {
  const positions = random.shuffle(Array.from({ length: count }, (_, index) => index + 1))
  return positions.map((position) => specimenRow(idAt(position), randomFields(random)))
}

function randomCustom(random: SeededRandom): Record<string, unknown> {
  const custom: Record<string, unknown> = {}
  if (random.chance(0.7)) custom.region = random.pick(['north', 'North', '', null, 1])
  if (random.chance(0.7)) custom.size = random.pick([0, 1, '1', 1.5, true])
  if (random.chance(0.5)) custom.list = random.shuffle(['x', 1, '1', true]).slice(0, random.integer(0, 3))
  if (random.chance(0.3)) custom.nested = { depth: random.pick([1, 'deep', null]) }
  return custom
}
