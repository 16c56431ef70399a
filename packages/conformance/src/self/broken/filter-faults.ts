import type { Filter, Query, Row, RowPage, StorageSession } from '@rapport/core/storage'
import type { Fault } from './fault.js'
import { findingBy, readThousand, rewriteConditions } from './rewritten-filter.js'
import { wrappedStorage } from './wrapped-storage.js'

const matchesWildcards = (text: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/%/g, '.*')
      .replace(/_/g, '.')}$`,
    'su',
  ).test(text)

/** Replaces conditions by the ids of the rows that pass a test of their own. */
async function findByOwnTest(
  inner: StorageSession,
  query: Query,
  testOf: (condition: Filter) => ((row: Row) => boolean) | undefined,
): Promise<RowPage> {
  if (!query.where) return inner.find(query)
  const rows = await readThousand(inner, query.entity)
  const where = rewriteConditions(query.where, (condition) => {
    const passes = testOf(condition)
    return passes ? { op: 'in', path: 'id', values: rows.filter(passes).map((row) => row.id) } : condition
  })
  return inner.find({ ...query, where })
}

function withoutNestedOr(filter: Filter): Filter {
  if (filter.op === 'not') return { op: 'not', arg: withoutNestedOr(filter.arg) }
  if (filter.op === 'or') return { op: 'or', args: filter.args.map(withoutNestedOr) }
  if (filter.op !== 'and') return filter
  return { op: 'and', args: filter.args.filter((arg) => arg.op !== 'or' || arg.args.length < 2).map(withoutNestedOr) }
}

const rewriting = (rewrite: (filter: Filter) => Filter) => () =>
  wrappedStorage({ session: (inner) => findingBy(inner, rewrite) })

/** Faults in `where`. */
export const filterFaults: readonly Fault[] = [
  {
    title: 'treats ne as three-valued',
    create: rewriting((filter) =>
      rewriteConditions(filter, (condition) =>
        condition.op === 'ne'
          ? { op: 'and', args: [condition, { op: 'not', arg: { op: 'isNull', path: condition.path } }] }
          : condition,
      ),
    ),
    caughtBy: [
      'filters: ne is true of a missing value',
      'json filters: ne inside json is true of a missing value, of null and of another type',
    ],
  },
  {
    title: 'treats not as three-valued',
    create: rewriting(function threeValued(filter): Filter {
      if (filter.op === 'not' && filter.arg.op === 'eq') {
        return { op: 'and', args: [filter, { op: 'not', arg: { op: 'isNull', path: filter.arg.path } }] }
      }
      return filter
    }),
    caughtBy: ['filters: not is the complement of every filter'],
  },
  {
    title: 'drops an or inside an and',
    create: rewriting(withoutNestedOr),
    caughtBy: ['filters: and, or and not nest to any depth, and no group is lost'],
  },
  {
    title: 'lets in of nothing match everything',
    create: rewriting((filter) =>
      rewriteConditions(filter, (condition) =>
        condition.op === 'in' && condition.values.length === 0 ? { op: 'and', args: [] } : condition,
      ),
    ),
    caughtBy: ['filters: in finds any of its values; in of nothing is false'],
  },
  {
    title: 'takes % and _ as wildcards',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          find: (query) =>
            findByOwnTest(inner, query, (condition) => {
              if (condition.op !== 'prefix' && condition.op !== 'contains') return undefined
              const pattern = `${condition.op === 'contains' ? '%' : ''}${condition.value}%`
              return (row) =>
                typeof row[condition.path] === 'string' && matchesWildcards(String(row[condition.path]), pattern)
            }),
        }),
      }),
    caughtBy: [
      'filters: prefix respects case and takes % _ and \\ as they are',
      'filters: contains respects case and takes % _ and \\ as they are',
    ],
  },
  {
    title: 'ignores case in eq',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          find: (query) =>
            findByOwnTest(inner, query, (condition) => {
              if (condition.op !== 'eq' || typeof condition.value !== 'string' || condition.path.startsWith('custom.'))
                return undefined
              const value = condition.value.toLowerCase()
              return (row) =>
                typeof row[condition.path] === 'string' && String(row[condition.path]).toLowerCase() === value
            }),
        }),
      }),
    caughtBy: ['filters: eq finds equal text, numbers, booleans and instants, and respects case'],
  },
  {
    title: 'compares json scalars as text',
    create: rewriting((filter) =>
      rewriteConditions(filter, (condition) =>
        condition.op === 'eq' && condition.path.startsWith('custom.')
          ? {
              op: 'in',
              path: condition.path,
              values: [condition.value, String(condition.value), Number(condition.value)],
            }
          : condition,
      ),
    ),
    caughtBy: ['json filters: eq and in compare scalars inside json with their types'],
  },
]
