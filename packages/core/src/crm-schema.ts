import type { CrmOptions } from './crm.js'
import { crmEntities } from './crm-entities.js'
import type { FieldEncryption } from './entity/encryption/field-encryption.js'
import { createEntityRegistry, type EntityRegistry } from './entity/entity-registry.js'
import { systemClock } from './kernel/clock.js'
import { CrmError } from './kernel/crm-error.js'
import { systemRandom } from './kernel/random-source.js'
import type { EntityDef } from './storage/entity-def.js'
import type { SchemaPlan, StorageAdapter } from './storage/storage-adapter.js'

/** What a CRM keeps, and in which form. */
export interface CrmSchema {
  readonly registry: EntityRegistry
  /** Present where fields are encrypted. */
  readonly encryption?: FieldEncryption
}

/** The entities of a CRM, with what encryption makes of them. The code for that is loaded when it is wanted. */
export async function crmSchema(options: CrmOptions): Promise<CrmSchema> {
  const { encryption: wanted, storage, clock = systemClock, random = systemRandom } = options
  if (!wanted) return { registry: createEntityRegistry(crmEntities) }
  const [{ createFieldEncryption }, { fieldCopies }] = await Promise.all([
    import('./entity/encryption/field-encryption.js'),
    import('./field-copies.js'),
  ])
  const { promoted } = storage.capabilities
  const encryption = createFieldEncryption(wanted, {
    entities: crmEntities,
    copies: fieldCopies,
    person: 'contact',
    promoted,
    clock,
    random,
  })
  return { registry: encryption.registry, encryption }
}

/** What decides how things are kept. */
export type MigrationOptions = Pick<CrmOptions, 'encryption'>

/** What bringing a storage up to date would do. The storage is opened and closed. */
export async function planMigration(storage: StorageAdapter, options: MigrationOptions = {}): Promise<SchemaPlan> {
  const registry = (await crmSchema({ ...options, storage })).registry
  await storage.open()
  try {
    return await storage.plan(registry.definitions())
  } finally {
    await storage.close()
  }
}

/** Brings a storage up to date and tells what was done. For deployments, before the application starts. */
export async function migrate(storage: StorageAdapter, options: MigrationOptions = {}): Promise<SchemaPlan> {
  const registry = (await crmSchema({ ...options, storage })).registry
  await storage.open()
  try {
    const plan = await storage.plan(registry.definitions())
    await storage.apply(plan)
    return plan
  } finally {
    await storage.close()
  }
}

/** Opens a storage that has the collections, or brings it up to date where it migrates by itself. */
export async function openUpToDate(storage: StorageAdapter, definitions: readonly EntityDef[]): Promise<void> {
  await storage.open()
  try {
    const plan = await storage.plan(definitions)
    if (plan.steps.length === 0) return
    if (storage.migrate === 'auto') return await storage.apply(plan)
    throw new CrmError('storage_failed', `The schema of ${storage.name} is ${plan.steps.length} steps behind`, {
      reason: 'schema_behind',
      retriable: false,
      remedy: "run migrate(storage) of @rapport/core, or open the storage with migrate: 'auto'",
    })
  } catch (error) {
    await storage.close()
    throw error
  }
}
