import { isCrmError } from '../../kernel/crm-error.js'
import { parseOrderTerm } from '../../storage/entity-def.js'
import type { Filter } from '../../storage/filter.js'
import type { GuardedSession, WriteOptions } from '../../storage/guarded-session.js'
import type { Aggregate, AggregateGroup, Query, RowPage, Search, SearchHit } from '../../storage/query.js'
import type { NewRow, Row } from '../../storage/row.js'
import type { CallOptions, Change, LoadOptions } from '../../storage/storage-adapter.js'
import type { Write, WriteResult } from '../../storage/write.js'
import { blindFilter, blindHash, refuseEncrypted } from './blind-filter.js'
import { decryptValue, undecryptable } from './cipher.js'
import { encryptionKeyEntity, tenantKeyRowId } from './encryption-key-entity.js'
import type { EncryptedEntity } from './encryption-plan.js'
import { unchanged } from './key-store.js'
import { type Sealing, sealBatch } from './sealed-batch.js'
import { sealedInJournal, unsealJournal } from './sealed-journal.js'
import { sealedIn, type Unseal, unsealRow } from './sealed-row.js'
import type { KeyRef } from './sealed-text.js'

const attempts = 5

/**
 * Storage as core works with it when fields are encrypted: what goes in is encrypted on its way, what comes out is decrypted, filters
 * compare hashes. Below it there is ciphertext alone.
 *
 * A key is made with the first value that takes it, in a write of its own before the batch. Beside that a batch costs one read per
 * entity of which rows are changed, and a check in the batch.
 */
export class SealedSession implements GuardedSession {
  readonly #sealing: Sealing
  /** The same for a transaction of its own, whose keys nobody else may take for kept. */
  readonly #inside: (storage: GuardedSession) => Sealing

  constructor(sealing: Sealing, inside: (storage: GuardedSession) => Sealing) {
    this.#sealing = sealing
    this.#inside = inside
  }

  async getMany(entity: string, ids: readonly string[], options?: CallOptions): Promise<(Row | undefined)[]> {
    const rows = await this.#stored.getMany(entity, ids, options)
    const present = await this.#unseal(
      entity,
      rows.filter((row) => row !== undefined),
    )
    let next = 0
    return rows.map((row) => row && present[next++])
  }

  async find(query: Query): Promise<RowPage> {
    const encrypted = this.#sealing.plan.get(query.entity)
    if (encrypted)
      refuseEncrypted(
        encrypted,
        query.order.map((term) => parseOrderTerm(term).path),
      )
    const { fields, where, ...rest } = query
    const page = await this.#stored.find({
      ...rest,
      ...(where && { where: await this.#blind(query.entity, where) }),
      // A unique key is told from the values it stems from.
      ...(fields && !(encrypted && fields.includes('uniqueKey')) && { fields }),
    })
    return { ...page, rows: await this.#unseal(query.entity, page.rows) }
  }

  async write(batch: readonly Write[], options?: WriteOptions): Promise<WriteResult[]> {
    const { keys, scope } = this.#sealing
    const own = batch.some((write) => write.entity === encryptionKeyEntity.name)
    for (let attempt = 1; ; attempt++) {
      const { writes, secret } = await sealBatch(this.#sealing, batch)
      try {
        if (!secret || own) return await this.#stored.write(writes, options)
        const results = await this.#stored.write([...writes, unchanged(secret)], options)
        return results.slice(0, batch.length)
      } catch (error) {
        if (own || attempt === attempts || !isOvertaken(error)) throw error
        keys.forget(scope.tenantId)
      } finally {
        if (own) keys.forget(scope.tenantId)
      }
    }
  }

  async aggregate(aggregate: Aggregate): Promise<AggregateGroup[]> {
    const encrypted = this.#sealing.plan.get(aggregate.entity)
    if (encrypted)
      refuseEncrypted(encrypted, [
        ...(aggregate.by ?? []).map((key) => (typeof key === 'string' ? key : key.path)),
        ...Object.values(aggregate.compute).flatMap(({ path }) => path ?? []),
      ])
    const where = aggregate.where && (await this.#blind(aggregate.entity, aggregate.where))
    return this.#stored.aggregate({ ...aggregate, ...(where && { where }) })
  }

  async search(search: Search): Promise<SearchHit[]> {
    const where = search.where && (await this.#blind(search.entity, search.where))
    const hits = await this.#stored.search({ ...search, ...(where && { where }) })
    if (!search.fields) return hits
    const rows = await this.#unseal(
      search.entity,
      hits.flatMap(({ row }) => row ?? []),
    )
    let next = 0
    return hits.map((hit) => (hit.row ? { ...hit, row: rows[next++] as Row } : hit))
  }

  transaction<T>(work: (session: GuardedSession) => Promise<T>, options?: CallOptions): Promise<T> {
    return this.#stored.transaction((inner) => work(new SealedSession(this.#inside(inner), this.#inside)), options)
  }

  load(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
    options?: LoadOptions,
  ): Promise<{ loaded: number; skipped: number }> {
    return this.#stored.load(entity, this.#sealedRows(entity, rows), options)
  }

  changes(after: string | undefined, limit: number, options?: CallOptions): Promise<Change[]> {
    return this.#stored.changes(after, limit, options)
  }

  watch(wake: () => void): () => void {
    return this.#stored.watch(wake)
  }

  get #stored(): GuardedSession {
    return this.#sealing.scope.storage
  }

  async *#sealedRows(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
  ): AsyncGenerator<readonly NewRow[]> {
    for await (const batch of rows) {
      const { writes } = await sealBatch(
        this.#sealing,
        batch.map((row) => ({ do: 'insert', entity, row })),
      )
      yield writes.flatMap((write) => (write.do === 'insert' ? [write.row] : []))
    }
  }

  async #blind(entity: string, where: Filter): Promise<Filter> {
    const { plan, keys, scope } = this.#sealing
    const encrypted = plan.get(entity)
    if (!encrypted) return where
    const secret = await keys.findTenant(scope)
    // A tenant without keys has no encrypted value that could equal anything.
    return blindFilter(encrypted, where, secret ? blindHash(encrypted, secret) : () => '')
  }

  async #unseal(entity: string, rows: readonly Row[]): Promise<Row[]> {
    const encrypted = this.#sealing.plan.get(entity)
    if (!encrypted && entity !== 'journal') return [...rows]
    const unseal = await this.#unsealing(entity, refsIn(encrypted, rows))
    return Promise.all(
      rows.map((row) => (encrypted ? unsealRow(encrypted, row, unseal(row.id)) : unsealJournal(row, unseal(row.id)))),
    )
  }

  /** Opens values of rows of an entity with the keys they name, read at once. */
  async #unsealing(entity: string, refs: readonly KeyRef[]): Promise<(id: string) => Unseal> {
    const { keys, scope } = this.#sealing
    const found = refs.length > 0 ? await keys.forReading(scope, refs) : new Map()
    return (id) =>
      async ({ keyId, generation, ciphertext }, field) => {
        const place = { tenantId: scope.tenantId, entity, id, field }
        const known = found.get(keyId)
        if (!known || known.generation < generation) throw undecryptable(place)
        if (!known.key || known.generation > generation) return undefined
        return decryptValue(known.key, ciphertext, place)
      }
  }
}

function refsIn(encrypted: EncryptedEntity | undefined, rows: readonly Row[]): KeyRef[] {
  const refs = new Map<string, KeyRef>()
  for (const row of rows) {
    const sealed = encrypted ? [...sealedIn(encrypted, row)].map(([, each]) => each) : sealedInJournal(row)
    for (const { keyId, generation } of sealed)
      if ((refs.get(keyId)?.generation ?? 0) < generation) refs.set(keyId, { keyId, generation })
  }
  return [...refs.values()]
}

/** A key was destroyed or renewed between encrypting and writing. */
function isOvertaken(error: unknown): boolean {
  return (
    isCrmError(error, 'conflict') &&
    error.details.reason === 'check' &&
    error.details.entity === encryptionKeyEntity.name &&
    error.details.id === tenantKeyRowId
  )
}
