import { CrmError, throwIfAborted } from '../kernel/crm-error.js'
import { aggregateRows } from './aggregate-rows.js'
import { type Definitions, requireEntity } from './definitions.js'
import { type EntityDef, resolvePath } from './entity-def.js'
import { allOf } from './filter.js'
import { finishPage, withNeededFields } from './finish-page.js'
import { requireInteger, requireList, requireName } from './plain-object.js'
import { prepareAggregate } from './prepare-aggregate.js'
import { prepareBatch, prepareRow } from './prepare-batch.js'
import { pageLimit, prepareQuery } from './prepare-query.js'
import { prepareSearch } from './prepare-search.js'
import type { Aggregate, AggregateGroup, Query, RowPage, Search, SearchHit } from './query.js'
import type { NewRow, Path, Row } from './row.js'
import { brokenPaging, defaultMaxScan, scanRows } from './scan-rows.js'
import { rankHits } from './search-hits.js'
import type { CallOptions, Capabilities, Change, LoadOptions, StorageSession } from './storage-adapter.js'
import { mapStorageError } from './storage-errors.js'
import type { Write, WriteResult } from './write.js'

/** What core works with: every method is there. Those that neither the storage nor core can serve throw `unsupported`. */
export interface GuardedSession extends Required<StorageSession> {
  write(batch: readonly Write[], options?: WriteOptions): Promise<WriteResult[]>
  transaction<T>(work: (session: GuardedSession) => Promise<T>, options?: CallOptions): Promise<T>
}

/** Options of a write through a guard. */
export interface WriteOptions extends CallOptions {
  /** The batch is given away: nobody changes it any more. Rows that need no change are checked and not copied then. */
  readonly owned?: boolean
}

/** What a guard knows of the storage behind it. */
export interface GuardOptions {
  readonly definitions: Definitions
  readonly capabilities: Capabilities
  /** Most rows read to finish one call; {@link defaultMaxScan} when left out. */
  readonly maxScan?: number
}

/**
 * Wraps an adapter's session: checks every call before the adapter sees it, splits `getMany` over 1,000 ids, finishes pages that
 * came back with a `residual` or `unordered`, serves `aggregate`, `search` and `load` where the adapter has none, and turns unknown
 * errors into `storage_failed`. Reads made for this are bounded by `maxScan`.
 */
export function guardSession(session: StorageSession, options: GuardOptions): GuardedSession {
  const { definitions, capabilities, maxScan = defaultMaxScan } = options
  return new Guard(session, definitions, capabilities, maxScan)
}

class Guard implements GuardedSession {
  readonly #session: StorageSession
  readonly #definitions: Definitions
  readonly #capabilities: Capabilities
  readonly #maxScan: number

  constructor(session: StorageSession, definitions: Definitions, capabilities: Capabilities, maxScan: number) {
    this.#session = session
    this.#definitions = definitions
    this.#capabilities = capabilities
    this.#maxScan = maxScan
  }

  async getMany(entity: string, ids: readonly string[], options: CallOptions = {}): Promise<(Row | undefined)[]> {
    const def = requireEntity(this.#definitions, entity)
    const names = requireList(ids, 'ids', Number.MAX_SAFE_INTEGER).map((id, index) => requireName(id, `ids.${index}`))
    const rows: (Row | undefined)[] = []
    for (let start = 0; start < names.length; start += pageLimit) {
      throwIfAborted(options.signal)
      const chunk = names.slice(start, start + pageLimit)
      const found = await mapStorageError(() => this.#session.getMany(def.name, chunk, options), options.signal)
      if (found.length !== chunk.length)
        throw brokenPaging(def.name, 'getMany returned another number of rows than ids')
      for (const row of found) rows.push(row)
    }
    return rows
  }

  async find(query: Query): Promise<RowPage> {
    const prepared = prepareQuery(this.#definitions, query)
    const def = requireEntity(this.#definitions, prepared.entity)
    throwIfAborted(prepared.signal)
    const asked = this.#capabilities.filter === 'all' ? prepared : withNeededFields(def, prepared)
    const page = await this.#read(asked)
    if (!page.residual && !page.unordered) return page
    if (page.residual && this.#capabilities.filter === 'all') {
      throw brokenPaging(def.name, 'it says that it applies all filters, and left some')
    }
    return finishPage({ find: (next) => this.#read(next) }, def, asked, page, this.#maxScan)
  }

  async write(batch: readonly Write[], { owned, ...options }: WriteOptions = {}): Promise<WriteResult[]> {
    const prepared = prepareBatch(this.#definitions, batch, this.#capabilities.maxBatch, owned)
    throwIfAborted(options.signal)
    return mapStorageError(() => this.#session.write(prepared, options), options.signal)
  }

  async aggregate(aggregate: Aggregate): Promise<AggregateGroup[]> {
    const prepared = prepareAggregate(this.#definitions, aggregate)
    throwIfAborted(prepared.signal)
    const native = this.#session.aggregate?.bind(this.#session)
    if (native) return mapStorageError(() => native(prepared), prepared.signal)
    const def = requireEntity(this.#definitions, prepared.entity)
    const paths = [
      ...(prepared.by ?? []).map((key) => (typeof key === 'string' ? key : key.path)),
      ...Object.values(prepared.compute).flatMap(({ path }) => path ?? []),
    ]
    const rows: Row[] = []
    for await (const row of this.#scan(def, prepared, paths)) rows.push(row)
    return aggregateRows(def, prepared, rows)
  }

  async search(search: Search): Promise<SearchHit[]> {
    const prepared = prepareSearch(this.#definitions, search)
    throwIfAborted(prepared.signal)
    const native = this.#session.search?.bind(this.#session)
    if (native) return this.#withRows(prepared, await mapStorageError(() => native(prepared), prepared.signal))
    const def = requireEntity(this.#definitions, prepared.entity)
    const { path, terms, fields } = prepared
    const where = allOf({ op: 'hasAny', path, value: terms }, prepared.where)
    const wanted = new Set<unknown>(terms)
    const hits: SearchHit[] = []
    for await (const row of this.#scan(def, { where, signal: prepared.signal }, [path, ...(fields ?? [])])) {
      const held = row[path]
      const overlap = Array.isArray(held) ? new Set(held.filter((term) => wanted.has(term))).size : 0
      if (overlap >= prepared.atLeast) hits.push({ id: row.id, overlap, ...(fields && { row }) })
    }
    return rankHits(hits, prepared.limit)
  }

  /** Errors that `work` itself throws come through as they are. */
  async transaction<T>(work: (session: GuardedSession) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const native = this.#session.transaction?.bind(this.#session)
    if (!native) throw missing('interactive transactions', 'write one atomic batch with ifVersion or check instead')
    throwIfAborted(options.signal)
    let failure: { readonly error: unknown } | undefined
    const run = async (inner: StorageSession): Promise<T> => {
      failure = undefined
      try {
        return await work(new Guard(inner, this.#definitions, this.#capabilities, this.#maxScan))
      } catch (error) {
        failure = { error }
        throw error
      }
    }
    return mapStorageError(() => native(run, options), options.signal).catch((error: unknown) => {
      throw failure ? failure.error : error
    })
  }

  async load(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
    options: LoadOptions = {},
  ): Promise<{ loaded: number; skipped: number }> {
    const def = requireEntity(this.#definitions, entity)
    const prepared = prepareStream(def, rows, this.#capabilities.maxBatch)
    const native = this.#session.load?.bind(this.#session)
    if (native) return mapStorageError(() => native(def.name, prepared, options), options.signal)
    const count = { loaded: 0, skipped: 0 }
    for await (const batch of prepared) {
      throwIfAborted(options.signal)
      const held =
        options.onExisting === 'skip'
          ? await this.getMany(
              def.name,
              batch.map((row) => row.id),
              options,
            )
          : []
      const fresh = batch.filter((_, index) => !held[index])
      const verb = options.onExisting === 'replace' ? 'upsert' : 'insert'
      if (fresh.length > 0)
        await this.write(
          fresh.map((row) => ({ do: verb, entity: def.name, row })),
          options,
        )
      count.loaded += fresh.length
      count.skipped += batch.length - fresh.length
    }
    return count
  }

  async changes(after: string | undefined, limit: number, options: CallOptions = {}): Promise<Change[]> {
    const native = this.#session.changes?.bind(this.#session)
    if (!native) throw missing('a change feed', 'read the journal, or use a storage that has one')
    requireInteger(limit, 'limit', 1, pageLimit)
    if (after !== undefined) requireName(after, 'after')
    throwIfAborted(options.signal)
    return mapStorageError(() => native(after, limit, options), options.signal)
  }

  watch(wake: () => void): () => void {
    if (!this.#session.watch) throw missing('wake-up hints', 'poll the change feed instead')
    return this.#session.watch(wake)
  }

  #read(query: Query): Promise<RowPage> {
    return mapStorageError(() => this.#session.find(query), query.signal)
  }

  /** Hits with the rows that were asked for and that the adapter did not bring; without those that are gone since. */
  async #withRows({ entity, fields, signal }: Search, hits: SearchHit[]): Promise<SearchHit[]> {
    if (!fields || hits.every(({ row }) => row)) return hits
    const ids = hits.map(({ id }) => id)
    const rows = await this.getMany(entity, ids, signal && { signal })
    return hits.flatMap((hit, place) => (rows[place] ? [{ ...hit, row: rows[place] }] : []))
  }

  #scan(
    def: EntityDef,
    { where, signal }: Pick<Query, 'where' | 'signal'>,
    paths: readonly Path[],
  ): AsyncGenerator<Row> {
    const fields = paths.map((path) => resolvePath(def, path)?.field ?? path)
    const query = withNeededFields(def, {
      entity: def.name,
      order: ['id'],
      limit: pageLimit,
      fields,
      ...(where && { where }),
      ...(signal && { signal }),
    })
    return scanRows({ find: (next) => this.#read(next) }, { def, query, maxScan: this.#maxScan })
  }
}

async function* prepareStream(
  def: EntityDef,
  rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
  maxBatch: number,
): AsyncGenerator<readonly NewRow[]> {
  for await (const batch of rows) {
    const prepared = requireList(batch, 'rows', Number.MAX_SAFE_INTEGER).map((row) => prepareRow(def, row))
    for (let start = 0; start < prepared.length; start += maxBatch) yield prepared.slice(start, start + maxBatch)
  }
}

function missing(what: string, remedy: string): CrmError {
  return new CrmError('unsupported', `This storage has no ${what}`, { remedy })
}
