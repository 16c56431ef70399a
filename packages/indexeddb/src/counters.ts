import {
  type Aggregate,
  type AggregateGroup,
  aggregateRows,
  compileFilter,
  type EntityDef,
  everything,
  type FieldDef,
  type Filter,
  filterPaths,
  type Path,
  type Row,
  type Scalar,
} from '@rapport/core/storage'
import { resultOf } from './idb-request.js'
import type { StoredCounter } from './schema/catalogue.js'

/** The number of rows of a tenant that share the values of a counter. Never 0. */
export interface StoredCount {
  readonly keys: readonly (Scalar | null)[]
  /** Whether these rows lack `deletedAt`; rows that have it are counted apart. */
  readonly live: boolean
  readonly rows: number
}

interface Delta extends StoredCount {
  readonly key: IDBValidKey
}

/** What a transaction changes in the counters, added up by group before it is written. */
export class CounterChanges {
  readonly #deltas = new Map<string, Delta>()

  /** Takes a row out of its groups and puts its new state into its own; `undefined` where there is none. */
  change(counter: StoredCounter, tenantId: string, before: Row | undefined, after: Row | undefined): void {
    if (before) this.#add(counter, tenantId, before, -1)
    if (after) this.#add(counter, tenantId, after, 1)
  }

  /** Writes the changes. */
  async write(transaction: IDBTransaction): Promise<void> {
    const changed = [...this.#deltas.values()].filter(({ rows }) => rows !== 0)
    if (changed.length === 0) return
    const store = transaction.objectStore('counters')
    const held = await Promise.all(changed.map(({ key }) => resultOf<StoredCount | undefined>(store.get(key))))
    for (const [place, { key, keys, live, rows }] of changed.entries()) {
      const total = (held[place]?.rows ?? 0) + rows
      if (total === 0) store.delete(key)
      else store.put({ keys, live, rows: total } satisfies StoredCount, key)
    }
  }

  #add({ slot, by }: StoredCounter, tenantId: string, row: Row, rows: number): void {
    const keys = by.map((path) => (row[path] as Scalar | undefined) ?? null)
    const live = row.deletedAt === undefined
    const group = JSON.stringify([...keys, live])
    const name = JSON.stringify([slot, tenantId, group])
    const held = this.#deltas.get(name)?.rows ?? 0
    this.#deltas.set(name, { key: [slot, tenantId, group], keys, live, rows: held + rows })
  }
}

/** Keys of all counts of a counter, or of one tenant's. */
export function countsOf({ slot }: Pick<StoredCounter, 'slot'>, tenantId?: string): IDBKeyRange {
  const prefix = tenantId === undefined ? [slot] : [slot, tenantId]
  // A list sorts behind every text.
  return IDBKeyRange.bound(prefix, [...prefix, []])
}

/** The counter that can answer an aggregate: one that is split by every field the aggregate looks at. */
export function counterFor(counters: readonly StoredCounter[], aggregate: Aggregate): StoredCounter | undefined {
  const { by = [], compute, where = everything } = aggregate
  const computations = Object.values(compute)
  if (computations.some(({ fn }) => fn !== 'count') || by.some((key) => typeof key !== 'string')) return undefined
  const needed = new Set<Path>([
    ...(by as readonly Path[]),
    ...computations.flatMap(({ path }) => path ?? []),
    ...filterPaths(where),
  ])
  const asksWhen = readsDeletedAt(where) || by.includes('deletedAt')
  const covers = ({ by: held }: StoredCounter): boolean =>
    [...needed].every((path) => held.includes(path) || (path === 'deletedAt' && !asksWhen))
  return counters.filter(({ ready }) => ready).find(covers)
}

/** Answers an aggregate that {@link counterFor} found a counter for. */
export function aggregateCounts(
  def: EntityDef,
  aggregate: Aggregate,
  counter: StoredCounter,
  counts: readonly StoredCount[],
): AggregateGroup[] {
  const { by = [], compute, where = everything } = aggregate
  const passes = compileFilter(def, where)
  const fields: Record<Path, FieldDef> = { ...def.fields }
  const sums: Record<string, Aggregate['compute'][string]> = {}
  for (const name of Object.keys(compute)) {
    fields[totalPath(name)] = { type: 'int' }
    sums[name] = { fn: 'sum', path: totalPath(name) }
  }
  const groups = counts.map((count) => groupRow(counter, count)).filter(passes)
  const rows = groups.map((row): Row => {
    const total = row.version
    const totals = Object.entries(compute).map(([name, { path }]) => {
      return [totalPath(name), path === undefined || row[path] !== undefined ? total : 0] as const
    })
    return { ...row, ...Object.fromEntries(totals) }
  })
  return aggregateRows({ ...def, fields }, { ...aggregate, by, compute: sums }, rows)
}

/** A field that no entity declares: names of fields hold no blank. */
function totalPath(name: string): Path {
  return `total of ${name}`
}

/** A row that stands for a whole group; its version is how many rows that is. */
function groupRow({ by }: StoredCounter, { keys, live, rows }: StoredCount): Row {
  const row: Row = { id: '', version: rows }
  for (const [place, path] of by.entries()) if (keys[place] !== null) row[path] = keys[place]
  if (!live) row.deletedAt ??= ''
  return row
}

/** Whether a filter asks for more of `deletedAt` than whether it is missing. */
function readsDeletedAt(filter: Filter): boolean {
  if ('args' in filter) return filter.args.some(readsDeletedAt)
  if ('arg' in filter) return readsDeletedAt(filter.arg)
  return filter.path === 'deletedAt' && filter.op !== 'isNull'
}
