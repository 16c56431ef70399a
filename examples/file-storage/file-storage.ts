import {
  type CallOptions,
  type Capabilities,
  CrmError,
  compareCodePoints,
  type EntityDef,
  type SchemaPlan,
  type SchemaStep,
  type SessionScope,
  type StorageAdapter,
  type StorageSession,
  storageClosed,
  throwIfAborted,
} from '@rapport/core/storage'
import { type DataFiles, dataDirectory } from './data-directory.js'
import { FileSession } from './file-session.js'
import { logName, TenantLog } from './tenant-log.js'
import { TenantRows } from './tenant-rows.js'

// #region capabilities
const capabilities: Capabilities = {
  filter: 'all',
  order: 'any',
  unique: true,
  aggregate: true,
  search: false,
  load: false,
  transaction: 'none',
  changes: 'none',
  watch: false,
  system: false,
  durable: true,
  maxBatch: 10_000,
}
// #endregion

/** Where a file storage keeps its files. */
export interface FileStorageOptions {
  readonly directory: string
  /** The files themselves; those of the directory when left out. For tests. */
  readonly files?: DataFiles
}

/**
 * A storage in the files of a directory, for one process: an append-only log per tenant, and all rows in memory. An acknowledged write
 * survives a crash; a batch is there whole or not at all.
 */
export function fileStorage({ directory, files = dataDirectory(directory) }: FileStorageOptions): StorageAdapter {
  return new FileStorage(files)
}

// #region open
class FileStorage implements StorageAdapter {
  readonly name = 'file'
  readonly apiVersion = 1
  readonly capabilities = capabilities
  readonly migrate = 'auto'
  readonly #files: DataFiles
  readonly #logs = new Map<string, Promise<TenantLog | undefined>>()
  #definitions: ReadonlyMap<string, EntityDef> = new Map()
  #applying: Promise<void> = Promise.resolve()
  #isOpen = false

  constructor(files: DataFiles) {
    this.#files = files
  }

  async open({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    if (this.#isOpen) return
    await this.#files.lock()
    const schema = await this.#files.read('schema.json')
    this.#definitions = definitionsOf(schema ? (JSON.parse(schema.toString()) as EntityDef[]) : [])
    this.#isOpen = true
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await Promise.allSettled(Array.from(this.#logs.values(), async (log) => (await log)?.settled()))
    this.#logs.clear()
    await this.#files.unlock()
  }
  // #endregion

  // #region schema
  async plan(target: readonly EntityDef[], { signal }: CallOptions = {}): Promise<SchemaPlan> {
    throwIfAborted(signal)
    this.#requireOpen()
    return { target, steps: target.flatMap((def) => stepTo(def, this.#definitions.get(def.name))) }
  }

  async apply({ target }: SchemaPlan, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#requireOpen()
    // One after the other: two processes cannot meet here, two callers can.
    const applied = this.#applying.then(() => this.#redefine(target))
    this.#applying = applied.catch(() => {})
    await applied
  }

  async #redefine(target: readonly EntityDef[]): Promise<void> {
    const definitions = definitionsOf([...this.#definitions.values(), ...target])
    const logs = await this.#allLogs()
    // All of them are tried before the first is changed.
    for (const log of logs) log.redefined(definitions)
    await this.#files.replace('schema.json', JSON.stringify([...definitions.values()]))
    this.#definitions = definitions
    for (const log of logs) await log.redefine(definitions)
  }
  // #endregion

  // #region tenants
  session({ tenantId, transaction }: SessionScope): StorageSession {
    if (transaction !== undefined) {
      throw new CrmError('unsupported', 'Files cannot join a transaction of the host', {
        remedy: 'leave the transaction out',
      })
    }
    return new FileSession(() => this.#log(tenantId))
  }

  async *tenants({ signal }: CallOptions = {}): AsyncGenerator<string> {
    throwIfAborted(signal)
    this.#requireOpen()
    const filled = (await this.#allLogs()).filter(({ rows }) => !rows.changes().next().done)
    yield* filled.map(({ tenantId }) => tenantId).sort(compareCodePoints)
  }
  // #endregion

  // #region logs
  /** The log of a file, read once, and again after an append of which nobody knows whether it came through. */
  async #logNamed(name: string, newTenantId?: string): Promise<TenantLog | undefined> {
    for (;;) {
      this.#requireOpen()
      const loading = this.#logs.get(name) ?? this.#load(name, newTenantId)
      this.#logs.set(name, loading)
      const log = await loading.catch(() => undefined)
      if (log && !log.isUncertain) return log
      if (this.#logs.get(name) === loading) this.#logs.delete(name)
      if (!log) return loading
    }
  }

  async #load(name: string, newTenantId: string | undefined): Promise<TenantLog | undefined> {
    const log = await TenantLog.load(this.#files, name, this.#definitions)
    if (log || newTenantId === undefined) return log
    return new TenantLog(this.#files, newTenantId, new TenantRows(this.#definitions))
  }

  async #log(tenantId: string): Promise<TenantLog> {
    return (await this.#logNamed(logName(tenantId), tenantId)) as TenantLog
  }

  async #allLogs(): Promise<TenantLog[]> {
    const stored = (await this.#files.names()).filter((name) => name.endsWith('.log'))
    const names = new Set([...stored, ...this.#logs.keys()])
    const logs = await Promise.all(Array.from(names, (name) => this.#logNamed(name)))
    return logs.filter((log) => log !== undefined)
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw storageClosed()
  }
  // #endregion
}

// #region steps
function stepTo(def: EntityDef, known: EntityDef | undefined): SchemaStep[] {
  if (known && JSON.stringify(known) === JSON.stringify(def)) return []
  const lost = Object.keys(known?.fields ?? {}).filter((path) => !Object.hasOwn(def.fields, path))
  const description = `${known ? 'Change' : 'Add'} the definition of ${def.name}`
  return [{ id: `define:${def.name}`, description, online: true, destructive: lost.length > 0 }]
}

function definitionsOf(defs: readonly EntityDef[]): ReadonlyMap<string, EntityDef> {
  return new Map(defs.map((def) => [def.name, def]))
}
// #endregion
