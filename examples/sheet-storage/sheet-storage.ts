import {
  type CallOptions,
  type Capabilities,
  CrmError,
  compareCodePoints,
  type EntityDef,
  type SchemaPlan,
  type SessionScope,
  type StorageAdapter,
  type StorageSession,
  storageClosed,
  throwIfAborted,
  unknownEntity,
} from '@rapport/core/storage'
import type { SheetService } from './sheet-service.js'
import { SheetSession } from './sheet-session.js'

// #region capabilities
const capabilities: Capabilities = {
  filter: ['eq'],
  order: 'none',
  unique: false,
  aggregate: false,
  search: false,
  load: false,
  transaction: 'none',
  changes: 'none',
  watch: false,
  system: false,
  durable: false,
  maxBatch: 1_000,
}
// #endregion

/**
 * A storage on a remote list that can filter by equality and nothing else. Core does the rest, under its bound of rows read for one
 * call; for lists of some thousand records.
 */
export function sheetStorage(service: SheetService): StorageAdapter {
  return new SheetStorage(service)
}

class SheetStorage implements StorageAdapter {
  readonly name = 'sheet'
  readonly apiVersion = 1
  readonly capabilities = capabilities
  readonly migrate = 'auto'
  readonly #service: SheetService
  #definitions: ReadonlyMap<string, EntityDef> = new Map()
  readonly #turns = new Map<string, Promise<void>>()
  #isOpen = false

  constructor(service: SheetService) {
    this.#service = service
  }

  async open({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#isOpen = true
  }

  // #region schema
  /** A sheet has whatever columns its rows have: there is nothing to prepare. */
  async plan(target: readonly EntityDef[], { signal }: CallOptions = {}): Promise<SchemaPlan> {
    throwIfAborted(signal)
    this.#open()
    this.#definitions = new Map(target.map((def) => [def.name, def]))
    return { target, steps: [] }
  }

  async apply(_plan: SchemaPlan, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#open()
  }
  // #endregion

  session({ tenantId, transaction }: SessionScope): StorageSession {
    if (transaction !== undefined) {
      throw new CrmError('unsupported', 'A sheet cannot join a transaction of the host', {
        remedy: 'leave the transaction out',
      })
    }
    return new SheetSession(tenantId, {
      service: () => this.#open(),
      definitionOf: (entity) => this.#definitionOf(entity),
      inTurn: (work) => this.#inTurn(tenantId, work),
    })
  }

  #inTurn<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(tenantId) ?? Promise.resolve()).then(work)
    const settled = turn
      .catch(() => {})
      .then(() => {
        if (this.#turns.get(tenantId) === settled) this.#turns.delete(tenantId)
      })
    this.#turns.set(tenantId, settled)
    return turn
  }

  async *tenants({ signal }: CallOptions = {}): AsyncGenerator<string> {
    throwIfAborted(signal)
    yield* [...(await this.#open().sheets())].sort(compareCodePoints)
  }

  async close(): Promise<void> {
    this.#isOpen = false
  }

  #open(): SheetService {
    if (!this.#isOpen) throw storageClosed()
    return this.#service
  }

  #definitionOf(entity: string): EntityDef {
    const def = this.#definitions.get(entity)
    if (!def) throw unknownEntity(entity)
    return def
  }
}
