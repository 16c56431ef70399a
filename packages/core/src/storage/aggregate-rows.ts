import { bucketInstants } from './bucket-instant.js'
import type { EntityDef } from './entity-def.js'
import { compareScalars } from './evaluate-filter.js'
import type { Aggregate, AggregateGroup } from './query.js'
import type { Row, Scalar } from './row.js'
import { compilePath } from './value-at.js'

type Computation = Aggregate['compute'][string]

/** Most groups returned when an aggregate names no limit. */
export const defaultGroupLimit = 1_000

interface Accumulator {
  add(row: Row): void
  result(): Scalar | null
}

interface Group {
  readonly keys: readonly (Scalar | null)[]
  readonly accumulators: readonly Accumulator[]
}

/**
 * Groups and sums rows in memory: the meaning of {@link Aggregate}, and what core falls back on. The rows are those that pass
 * `where`; it is not applied here. Sums are compensated, so the order of rows does not show in the result.
 */
export function aggregateRows(def: EntityDef, aggregate: Aggregate, rows: Iterable<Row>): AggregateGroup[] {
  const readers = (aggregate.by ?? []).map((by) => keyReader(def, aggregate, by))
  const computations = Object.entries(aggregate.compute)
  const newGroup = (keys: readonly (Scalar | null)[]): Group => ({
    keys,
    accumulators: computations.map(([, computation]) => accumulatorOf(def, computation)),
  })
  const groups = new Map<string, Group>()
  if (readers.length === 0) groups.set('[]', newGroup([]))
  for (const row of rows) {
    const keys = readers.map((read) => read(row))
    const name = JSON.stringify(keys)
    let group = groups.get(name)
    if (!group) {
      group = newGroup(keys)
      groups.set(name, group)
    }
    for (const accumulator of group.accumulators) accumulator.add(row)
  }
  return [...groups.values()]
    .sort((left, right) => compareKeys(left.keys, right.keys))
    .slice(0, aggregate.limit ?? defaultGroupLimit)
    .map(({ keys, accumulators }) => ({
      keys,
      values: Object.fromEntries(computations.map(([name], index) => [name, accumulators[index]?.result() ?? null])),
    }))
}

function keyReader(
  def: EntityDef,
  aggregate: Aggregate,
  by: NonNullable<Aggregate['by']>[number],
): (row: Row) => Scalar | null {
  const read = compilePath(def, typeof by === 'string' ? by : by.path) as (row: Row) => Scalar | undefined
  if (typeof by === 'string') return (row) => read(row) ?? null
  const start = bucketInstants(by.bucket, aggregate.timeZone, aggregate.weekStart)
  return (row) => {
    const value = read(row)
    return typeof value === 'string' ? start(value) : null
  }
}

function compareKeys(left: readonly (Scalar | null)[], right: readonly (Scalar | null)[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? null
    if (a === b) continue
    if (a === null) return 1
    if (b === null) return -1
    const order = compareScalars(a, b)
    if (order) return order
  }
  return 0
}

function accumulatorOf(def: EntityDef, { fn, path }: Computation): Accumulator {
  const read = path === undefined ? () => true : compilePath(def, path)
  switch (fn) {
    case 'count':
      return countOf(read)
    case 'countDistinct':
      return countDistinctOf(read)
    case 'sum':
      return sumOf(read, (sum) => sum)
    case 'avg':
      return sumOf(read, (sum, count) => (count === 0 ? null : sum / count))
    case 'min':
      return extremeOf(read, -1)
    case 'max':
      return extremeOf(read, 1)
  }
}

function countOf(read: (row: Row) => unknown): Accumulator {
  let count = 0
  return {
    add: (row) => {
      if (read(row) !== undefined) count++
    },
    result: () => count,
  }
}

function countDistinctOf(read: (row: Row) => unknown): Accumulator {
  const seen = new Set<unknown>()
  return {
    add: (row) => {
      const value = read(row)
      if (value !== undefined) seen.add(value)
    },
    result: () => seen.size,
  }
}

/** Neumaier's compensated sum: Zeitschrift für Angewandte Mathematik und Mechanik 54 (1974), pp. 39-51. */
function sumOf(read: (row: Row) => unknown, finish: (sum: number, count: number) => number | null): Accumulator {
  let sum = 0
  let compensation = 0
  let count = 0
  return {
    add: (row) => {
      const value = read(row)
      if (typeof value !== 'number') return
      const next = sum + value
      compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
      sum = next
      count++
    },
    result: () => finish(sum + compensation, count),
  }
}

function extremeOf(read: (row: Row) => unknown, sign: -1 | 1): Accumulator {
  let extreme: Scalar | undefined
  return {
    add: (row) => {
      const value = read(row) as Scalar | undefined
      if (value === undefined) return
      if (extreme === undefined || (compareScalars(value, extreme) ?? 0) * sign > 0) extreme = value
    },
    result: () => extreme ?? null,
  }
}
