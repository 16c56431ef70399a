import { invalidField } from '../kernel/crm-error.js'
import { isTimeZone } from './bucket-instant.js'
import { columnTarget, type Definitions, requireEntity, requireTarget } from './definitions.js'
import type { EntityDef, PathTarget } from './entity-def.js'
import { requireInteger, requireList, requireName, requireObject } from './plain-object.js'
import { prepareFilter } from './prepare-filter.js'
import type { Aggregate, Bucket, WeekStart } from './query.js'
import type { Path } from './row.js'

/** Most groups an aggregate may return. */
export const groupLimit = 10_000
/** Most keys to group by, and most values to compute. */
const termLimit = 32

type GroupKey = NonNullable<Aggregate['by']>[number]
type Computation = Aggregate['compute'][string]

const buckets: ReadonlySet<unknown> = new Set<Bucket>(['day', 'week', 'month', 'quarter', 'year'])
const weekStarts: ReadonlySet<unknown> = new Set<WeekStart>(['monday', 'sunday', 'saturday'])
const functions: ReadonlySet<unknown> = new Set<Computation['fn']>([
  'count',
  'countDistinct',
  'sum',
  'avg',
  'min',
  'max',
])

/**
 * Checks an aggregate. Groups and distinct values are made of scalar fields, buckets of instants, sums and averages of numbers,
 * extremes of texts, numbers and instants. Throws `validation_failed`, or `unsupported` for a place inside a `json` field.
 */
export function prepareAggregate(definitions: Definitions, aggregate: Aggregate): Aggregate {
  const given: Readonly<Record<string, unknown>> = requireObject(aggregate, 'aggregate')
  const def = requireEntity(definitions, given.entity)
  const { timeZone, weekStart } = given
  if (timeZone !== undefined && (typeof timeZone !== 'string' || !isTimeZone(timeZone))) {
    throw invalidField('timeZone', 'expected an IANA time zone such as Europe/Berlin')
  }
  if (weekStart !== undefined && !weekStarts.has(weekStart)) {
    throw invalidField('weekStart', 'expected monday, sunday or saturday')
  }
  return {
    entity: def.name,
    compute: prepareCompute(def, given.compute),
    ...(given.where !== undefined && { where: prepareFilter(def, given.where) }),
    ...(given.by !== undefined && {
      by: requireList(given.by, 'by', termLimit).map((key, index) => prepareKey(def, key, `by.${index}`)),
    }),
    ...(timeZone !== undefined && { timeZone }),
    ...(weekStart !== undefined && { weekStart: weekStart as WeekStart }),
    ...(given.limit !== undefined && { limit: requireInteger(given.limit, 'limit', 1, groupLimit) }),
    ...(aggregate.signal && { signal: aggregate.signal }),
  }
}

function prepareKey(def: EntityDef, key: unknown, at: string): GroupKey {
  if (typeof key === 'string') {
    scalarTarget(def, key, at)
    return key
  }
  const { path, bucket } = requireObject(key, at)
  const target = scalarTarget(def, path, `${at}.path`)
  if (target.type !== 'instant')
    throw invalidField(path as Path, 'is no moment; group by its values instead of a bucket')
  if (!buckets.has(bucket)) throw invalidField(`${at}.bucket`, 'expected day, week, month, quarter or year')
  return { path: path as Path, bucket: bucket as Bucket }
}

function prepareCompute(def: EntityDef, compute: unknown): Aggregate['compute'] {
  const entries = Object.entries(requireObject(compute, 'compute'))
  if (entries.length === 0 || entries.length > termLimit) {
    throw invalidField('compute', `expected 1 to ${termLimit} computations`)
  }
  return Object.fromEntries(
    entries.map(([name, value]) => [requireName(name, 'compute'), prepareComputation(def, value, `compute.${name}`)]),
  )
}

function prepareComputation(def: EntityDef, value: unknown, at: string): Computation {
  const { fn, path } = requireObject(value, at)
  if (!functions.has(fn)) throw invalidField(`${at}.fn`, 'expected count, countDistinct, sum, avg, min or max')
  const computation = { fn: fn as Computation['fn'] }
  if (path === undefined) {
    if (fn !== 'count') throw invalidField(`${at}.path`, 'name the field to compute over')
    return computation
  }
  if (fn === 'count') {
    requireTarget(def, path, `${at}.path`)
    return { ...computation, path: path as Path }
  }
  const { type } = scalarTarget(def, path, `${at}.path`)
  if ((fn === 'sum' || fn === 'avg') && type !== 'int' && type !== 'float') {
    throw invalidField(path as Path, `is no number; ${fn} needs one`)
  }
  if ((fn === 'min' || fn === 'max') && type === 'bool') {
    throw invalidField(path as Path, 'is true or false; group by it instead')
  }
  return { ...computation, path: path as Path }
}

function scalarTarget(def: EntityDef, path: unknown, at: string): PathTarget {
  const declared = requireTarget(def, path, at)
  const target = columnTarget(def, path as Path, declared, 'grouped or computed over')
  if (target.type === 'text[]') throw invalidField(path as Path, 'holds a list; group by a field with one value')
  return target
}
