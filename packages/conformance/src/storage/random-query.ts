import type { Filter, OrderTerm, Scalar } from '@rapport/core/storage'
import type { SeededRandom } from '../seeded-random.js'
import { trickyFractions, trickyInstants, trickyIntegers, trickyTags, trickyTexts } from './random-rows.js'
import { indexedOrders } from './specimen.js'

const valuesByPath: Readonly<Record<string, readonly Scalar[]>> = {
  stage: ['open', 'won', 'lost', 'Open'],
  name: trickyTexts,
  note: trickyTexts,
  score: trickyIntegers,
  rank: [0, 1, 2, 3, 4],
  ratio: trickyFractions,
  active: [true, false],
  at: trickyInstants,
  deletedAt: trickyInstants,
  'scores.clv.value': trickyFractions,
}

const jsonValues: readonly Scalar[] = ['north', 'North', '', 'deep', 'x', '1', 0, 1, 1.5, true, false]
const jsonPaths = ['custom.region', 'custom.size', 'custom.nested.depth', 'custom.nowhere'] as const
const paths = Object.keys(valuesByPath)

/** A filter of at most the given depth over specimens, about half of which pass it often enough to matter. */
export function randomFilter(random: SeededRandom, depth = 3): Filter {
  if (depth > 1 && random.chance(0.5)) {
    if (random.chance(0.25)) return { op: 'not', arg: randomFilter(random, depth - 1) }
    const args = Array.from({ length: random.pick([0, 1, 2, 2, 3]) }, () => randomFilter(random, depth - 1))
    return { op: random.pick(['and', 'or'] as const), args }
  }
  const kind = random.integer(1, 10)
  if (kind <= 5) return randomComparison(random)
  if (kind === 6) return { op: 'isNull', path: random.pick([...paths, 'tags', 'custom', ...jsonPaths]) }
  if (kind === 7) {
    const op = random.pick(['prefix', 'contains'] as const)
    return { op, path: random.pick(['name', 'note', 'stage']), value: random.pick(trickyTexts) }
  }
  if (kind === 8) return randomMembership(random)
  return randomJsonCondition(random)
}

/** An order over specimens, without the id; one that an index serves when `indexed`. */
export function randomOrder(random: SeededRandom, indexed: boolean): readonly OrderTerm[] {
  if (indexed || random.chance(0.3)) return random.pick(indexedOrders)
  const terms = random.shuffle(paths).slice(0, random.integer(0, 3))
  return terms.map((path): OrderTerm => (random.chance(0.5) ? `-${path}` : path))
}

function randomComparison(random: SeededRandom): Filter {
  const path = random.pick(paths)
  const values = valuesByPath[path]!
  if (random.chance(0.25)) return { op: 'in', path, values: random.shuffle(values).slice(0, random.integer(0, 4)) }
  // Now and then a value of another type, which equals nothing and lies nowhere.
  const value = random.chance(0.9)
    ? random.pick(values)
    : random.pick(valuesByPath[path === 'active' ? 'rank' : 'active']!)
  return { op: random.pick(['eq', 'eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const), path, value }
}

function randomMembership(random: SeededRandom): Filter {
  const some = random.shuffle(trickyTags).slice(0, random.integer(0, 3))
  if (random.chance(0.5)) return { op: 'has', path: 'tags', value: random.pick(trickyTags) }
  if (random.chance(0.7)) return { op: 'hasAny', path: 'tags', value: some }
  return { op: 'hasAny', path: 'custom.list', value: random.shuffle(jsonValues).slice(0, random.integer(0, 3)) }
}

function randomJsonCondition(random: SeededRandom): Filter {
  const path = random.pick(jsonPaths)
  const value = random.pick(jsonValues)
  const kind = random.integer(1, 4)
  if (kind === 1) return { op: 'ne', path, value }
  if (kind === 2) return { op: 'in', path, values: random.shuffle(jsonValues).slice(0, random.integer(0, 3)) }
  if (kind === 3) return { op: 'has', path: 'custom.list', value }
  return { op: 'eq', path, value }
}
