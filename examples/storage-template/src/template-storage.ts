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
import { TemplateSession, type TenantRows } from './template-session.js'

/** Settings of the storage. Put here what your backend needs to connect. */
export interface TemplateStorageOptions {
  /** Shown in errors; `template` when left out. */
  readonly name?: string
}

/** As little as the contract allows. Raise a capability when the backend keeps its promise, and the kit will hold you to it. */
const capabilities: Capabilities = {
  filter: 'all',
  order: 'any',
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

/** A storage on … a map in this process, until you put your backend in its place. */
export function templateStorage(options: TemplateStorageOptions = {}): StorageAdapter {
  return new TemplateStorage(options)
}

class TemplateStorage implements StorageAdapter {
  readonly name: string
  readonly apiVersion = 1
  readonly capabilities = capabilities
  readonly migrate = 'auto'
  /** The backend: rows by entity and id, by tenant. */
  readonly #tenants = new Map<string, TenantRows>()
  #definitions: ReadonlyMap<string, EntityDef> = new Map()
  #isOpen = false

  constructor({ name = 'template' }: TemplateStorageOptions) {
    this.name = name
  }

  /** Connect here. */
  async open({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#isOpen = true
  }

  /** Compare `target` with what is stored, and describe each difference as a step. */
  async plan(target: readonly EntityDef[], { signal }: CallOptions = {}): Promise<SchemaPlan> {
    throwIfAborted(signal)
    this.#requireOpen()
    this.#definitions = new Map(target.map((def) => [def.name, def]))
    return { target, steps: [] }
  }

  /** Carry the steps out. Running them twice, or from two processes at once, must do no harm. */
  async apply(_plan: SchemaPlan, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#requireOpen()
  }

  session({ tenantId, transaction }: SessionScope): StorageSession {
    if (transaction !== undefined) {
      throw new CrmError('unsupported', `${this.name} cannot join a transaction of the host`, {
        remedy: 'leave the transaction out',
      })
    }
    return new TemplateSession({
      rows: () => this.#rowsOf(tenantId),
      definitionOf: (entity) => this.#definitionOf(entity),
    })
  }

  async *tenants({ signal }: CallOptions = {}): AsyncGenerator<string> {
    throwIfAborted(signal)
    this.#requireOpen()
    const filled = [...this.#tenants].filter(([, rows]) => rows.size > 0)
    yield* filled.map(([tenantId]) => tenantId).sort(compareCodePoints)
  }

  /** Disconnect here. Calling it twice is allowed. */
  async close(): Promise<void> {
    this.#isOpen = false
  }

  #rowsOf(tenantId: string): TenantRows {
    this.#requireOpen()
    const rows: TenantRows = this.#tenants.get(tenantId) ?? new Map()
    this.#tenants.set(tenantId, rows)
    return rows
  }

  #definitionOf(entity: string): EntityDef {
    const def = this.#definitions.get(entity)
    if (!def) throw unknownEntity(entity)
    return def
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw storageClosed()
  }
}
