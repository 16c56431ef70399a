import type { Aggregate, AggregateGroup, Bucket, Row, Scalar, WeekStart } from '@rapport/core/storage'

type Key = Scalar | null

const firstWeekday: Readonly<Record<WeekStart, string>> = { monday: 'Mon', sunday: 'Sun', saturday: 'Sat' }
const dayMs = 86_400_000

/**
 * What an aggregate over the given rows means, computed the plainest way and independently of core's own reducer. Works for
 * declared fields only, and applies neither `where` nor `limit`.
 */
export function naiveAggregate(aggregate: Aggregate, rows: readonly Row[]): AggregateGroup[] {
  const by = aggregate.by ?? []
  const keysOf = (row: Row): Key[] =>
    by.map((term) => {
      const value = row[typeof term === 'string' ? term : term.path] as Scalar | undefined
      if (value === undefined) return null
      return typeof term === 'string'
        ? value
        : bucketStart(String(value), term.bucket, aggregate.timeZone, aggregate.weekStart)
    })
  const members = Map.groupBy(rows, (row) => JSON.stringify(keysOf(row)))
  if (by.length === 0 && members.size === 0) members.set('[]', [])
  return [...members]
    .map(([name, group]) => ({
      keys: JSON.parse(name) as Key[],
      values: Object.fromEntries(
        Object.entries(aggregate.compute).map(([title, { fn, path }]) => [title, compute(fn, path, group)]),
      ),
    }))
    .sort((left, right) => compareKeys(left.keys, right.keys))
}

/** Local date of the first day of the unit that an instant falls into, found by stepping back day by day. */
export function bucketStart(
  instant: string,
  bucket: Bucket,
  timeZone = 'UTC',
  weekStart: WeekStart = 'monday',
): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  let day = new Date(`${format.format(new Date(instant))}T12:00:00.000Z`)
  const begins = (): boolean => {
    const date = day.getUTCDate()
    const month = day.getUTCMonth()
    if (bucket === 'day') return true
    if (bucket === 'week') {
      const weekday = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', weekday: 'short' }).format(day)
      return weekday === firstWeekday[weekStart]
    }
    if (bucket === 'month') return date === 1
    return date === 1 && (bucket === 'quarter' ? [0, 3, 6, 9].includes(month) : month === 0)
  }
  while (!begins()) day = new Date(day.getTime() - dayMs)
  return day.toISOString().slice(0, 10)
}

function compute(
  fn: Aggregate['compute'][string]['fn'],
  path: string | undefined,
  rows: readonly Row[],
): Scalar | null {
  if (path === undefined) return rows.length
  const values = rows.map((row) => row[path] as Scalar | undefined).filter((value) => value !== undefined)
  const sum = values.reduce<number>((total, value) => total + Number(value), 0)
  const sorted = values.toSorted(compareKey)
  if (fn === 'count') return values.length
  if (fn === 'countDistinct') return new Set(values).size
  if (fn === 'sum') return sum
  if (values.length === 0) return null
  if (fn === 'avg') return sum / values.length
  return (fn === 'min' ? sorted[0] : sorted.at(-1)) ?? null
}

function compareKeys(left: readonly Key[], right: readonly Key[]): number {
  for (const [index, key] of left.entries()) {
    const order = compareKey(key, right[index] ?? null)
    if (order !== 0) return order
  }
  return 0
}

function compareKey(left: Key, right: Key): number {
  if (left === right) return 0
  if (left === null) return 1
  if (right === null) return -1
  if (typeof left === 'string' && typeof right === 'string') {
    const [a, b] = [Array.from(left, codePoint), Array.from(right, codePoint)]
    const at = a.findIndex((point, index) => point !== b[index])
    return at < 0 ? a.length - b.length : (a[at] ?? -1) - (b[at] ?? -1)
  }
  return Number(left) - Number(right)
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0
}
