import { CrmError, throwIfAborted } from '../../kernel/crm-error.js'
import { compareCodePoints } from '../../kernel/text-safety.js'
import { compileOrder } from '../compare-rows.js'
import type { EntityDef } from '../entity-def.js'
import type {
  CallOptions,
  Capabilities,
  SchemaPlan,
  SchemaStep,
  SessionScope,
  StorageAdapter,
  StorageSession,
  SystemReader,
} from '../storage-adapter.js'
import { storageClosed, unknownEntity } from '../storage-errors.js'
import { MemoryCollection } from './memory-collection.js'
import { findPage, type RowVisitor } from './memory-find.js'
import { MemorySession } from './memory-session.js'
import { MemoryTenant } from './memory-tenant.js'

/** Settings of the memory storage. */
export interface MemoryStorageOptions {
  /** Called for every row that `find` or `aggregate` looks at, with the entity's name; for tests of what an index saves. */
  readonly onRowVisited?: RowVisitor
}

const capabilities: Capabilities = {
  filter: 'all',
  order: 'any',
  unique: true,
  aggregate: true,
  search: true,
  load: true,
  transaction: 'serializable',
  changes: { lagMs: 0 },
  watch: true,
  system: true,
  durable: false,
  maxBatch: 10_000,
}

/**
 * A storage in this process's memory, for tests, demos and small tools, and the model that other adapters are compared with. It
 * has every capability but durability: what is stored ends with the process, or with `close()`.
 */
export function memoryStorage(options: MemoryStorageOptions = {}): StorageAdapter {
  return new MemoryStorage(options)
}

class MemoryStorage implements StorageAdapter {
  readonly name = 'memory'
  readonly apiVersion = 1
  readonly capabilities = capabilities
  readonly migrate = 'auto'
  readonly #visited: RowVisitor | undefined
  readonly #tenants = new Map<string, MemoryTenant>()
  readonly #applied = new Map<string, EntityDef>()
  #target: ReadonlySet<string> = new Set()
  #isOpen = false

  constructor({ onRowVisited }: MemoryStorageOptions) {
    this.#visited = onRowVisited
  }

  async open({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#isOpen = true
  }

  async plan(target: readonly EntityDef[], { signal }: CallOptions = {}): Promise<SchemaPlan> {
    throwIfAborted(signal)
    this.#requireOpen()
    // Making a collection checks that every index can be made.
    for (const def of target) new MemoryCollection(def)
    this.#target = new Set(target.map((def) => def.name))
    return { target, steps: target.flatMap((def) => this.#stepFor(def)) }
  }

  async apply({ target }: SchemaPlan, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#requireOpen()
    for (const def of target) {
      if (this.#stepFor(def).length === 0) continue
      const rebuilt = Array.from(this.#tenants.values(), (tenant) => ({ tenant, collection: tenant.rebuilt(def) }))
      for (const { tenant, collection } of rebuilt) if (collection) tenant.adopt(collection)
      this.#applied.set(def.name, def)
    }
  }

  session({ tenantId, transaction }: SessionScope): StorageSession {
    if (typeof tenantId !== 'string' || tenantId === '') throw new TypeError('A session needs the id of a tenant')
    if (transaction !== undefined) {
      throw new CrmError('unsupported', 'The memory storage cannot join a transaction of the host', {
        remedy: 'leave the transaction out, or use a storage on the database of the host',
      })
    }
    return new MemorySession({
      requireOpen: () => this.#requireOpen(),
      tenant: () => this.#tenant(tenantId),
      ...(this.#visited && { visited: this.#visited }),
    })
  }

  async *tenants({ signal }: CallOptions = {}): AsyncGenerator<string> {
    throwIfAborted(signal)
    this.#requireOpen()
    const ids = Array.from(this.#tenants).flatMap(([id, tenant]) => (tenant.isEmpty ? [] : [id]))
    yield* ids.sort(compareCodePoints)
  }

  system(): SystemReader {
    return {
      find: async (query) => {
        throwIfAborted(query.signal)
        this.#requireOpen()
        const compare = compileOrder(this.#definitionOf(query.entity), query.order)
        return Array.from(this.#tenants)
          .flatMap(([tenantId, tenant]) =>
            findPage(tenant.collection(query.entity), query, this.#visited).rows.map((row) => ({ tenantId, row })),
          )
          .sort((left, right) => compare(left.row, right.row) || compareCodePoints(left.tenantId, right.tenantId))
          .slice(0, query.limit)
      },
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false
    this.#tenants.clear()
    this.#applied.clear()
  }

  #tenant(tenantId: string): MemoryTenant {
    let tenant = this.#tenants.get(tenantId)
    if (!tenant) {
      tenant = new MemoryTenant((entity) => this.#definitionOf(entity))
      this.#tenants.set(tenantId, tenant)
    }
    return tenant
  }

  #definitionOf(entity: string): EntityDef {
    const def = this.#target.has(entity) ? this.#applied.get(entity) : undefined
    if (!def) throw unknownEntity(entity)
    return def
  }

  #stepFor(def: EntityDef): SchemaStep[] {
    const applied = this.#applied.get(def.name)
    if (applied && JSON.stringify(applied) === JSON.stringify(def)) return []
    const description = applied ? `Change the fields and indexes of ${def.name}` : `Create the collection ${def.name}`
    const destructive = Object.keys(applied?.fields ?? {}).some((path) => !Object.hasOwn(def.fields, path))
    return [{ id: `${applied ? 'change' : 'create'}:${def.name}`, description, online: true, destructive }]
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw storageClosed()
  }
}
