import type { NewRow, Row } from '../../storage/row.js'
import { type Write, writtenId } from '../../storage/write.js'
import type { EntityRegistry } from '../entity-registry.js'
import { type BlindHash, blindHash } from './blind-filter.js'
import { encryptValue } from './cipher.js'
import { encryptionKeyId, type KeyOwner } from './encryption-key-entity.js'
import type { EncryptedEntity, EncryptionPlan } from './encryption-plan.js'
import { keyOwnerOf } from './key-owner.js'
import type { KeyScope } from './key-scope.js'
import type { KeyStore } from './key-store.js'
import { needsSealing, sealChanges } from './sealed-journal.js'
import { holdsSecrets, type Seal, sealValues } from './sealed-row.js'
import { writeSealed } from './sealed-text.js'
import type { TenantSecret } from './tenant-secret.js'

/** What a session encrypts with. */
export interface Sealing {
  readonly plan: EncryptionPlan
  readonly registry: EntityRegistry
  /** The entity whose records are persons. */
  readonly person: string
  readonly keys: KeyStore
  readonly scope: KeyScope
}

/** A batch as storage is to keep it. */
export interface SealedBatch {
  readonly writes: readonly Write[]
  /** The tenant's keys as they were, when something was encrypted under them. */
  readonly secret?: TenantSecret
}

type Journaled = Readonly<{ entity: string; recordId: string }>

/** Encrypts what of a batch is to be. One read per entity for rows that are changed, to know whose they are; one for keys not at hand. */
export async function sealBatch(sealing: Sealing, batch: readonly Write[]): Promise<SealedBatch> {
  const { plan, scope, keys } = sealing
  const concerned = batch.filter((write) => plan.has(write.entity) || write.entity === 'journal')
  if (concerned.every((write) => write.do === 'check' || write.do === 'delete')) return { writes: batch }
  const before = await readBefore(sealing, batch)
  const owners = new Map<Write, KeyOwner>()
  for (const write of concerned) {
    const owner = ownerFor(sealing, write, before)
    if (owner) owners.set(write, owner)
  }
  const secret = await keys.tenant(scope)
  const found = owners.size > 0 ? await keys.forWriting(scope, [...owners.values()]) : new Map()
  const sealFor = (write: Write, owner: KeyOwner | undefined): Seal => {
    const keyId = owner && encryptionKeyId(owner)
    const key = keyId === undefined ? undefined : found.get(keyId)
    return async (field, value) => {
      if (!key || keyId === undefined) throw new TypeError(`${write.entity}.${field} has no key to be encrypted with`)
      const place = { tenantId: scope.tenantId, entity: write.entity, id: writtenId(write), field }
      const ciphertext = await encryptValue(key.key, value, place, scope.random)
      return writeSealed({ keyId, generation: key.generation, ciphertext })
    }
  }
  const writes: Write[] = []
  for (const write of batch) {
    const encrypted = plan.get(write.entity)
    const seal = sealFor(write, owners.get(write))
    if (write.entity === 'journal') writes.push(await sealJournalWrite(sealing, write, before, seal))
    else if (encrypted) writes.push(await sealWrite(encrypted, write, blindHash(encrypted, secret), seal))
    else writes.push(write)
  }
  return { writes, ...(owners.size > 0 && { secret }) }
}

/** Stored rows by `entity/id`: those that a patch changes, and those a journal entry tells of. */
type Rows = ReadonlyMap<string, NewRow>

async function readBefore({ plan, scope }: Sealing, batch: readonly Write[]): Promise<Rows> {
  const known = new Map<string, NewRow>()
  const wanted = new Map<string, Set<string>>()
  const want = (entity: string, id: string): void => {
    if (!known.has(`${entity}/${id}`)) wanted.set(entity, (wanted.get(entity) ?? new Set()).add(id))
  }
  const read = async (): Promise<void> => {
    for (const [entity, ids] of wanted)
      for (const row of await scope.storage.getMany(entity, [...ids])) if (row) known.set(`${entity}/${row.id}`, row)
    wanted.clear()
  }
  for (const write of batch)
    if (write.do === 'insert' || write.do === 'upsert') known.set(`${write.entity}/${write.row.id}`, write.row)
  for (const write of batch) {
    if (write.do !== 'patch' || !write.set) continue
    const encrypted = plan.get(write.entity)
    if (encrypted && holdsSecrets(encrypted, write.set)) want(write.entity, write.id)
    if (write.entity === 'journal' && Object.hasOwn(write.set, 'changes')) want('journal', write.id)
  }
  await read()
  for (const write of batch) {
    const entry = journalRow(write, known)
    const encrypted = entry && plan.get(entry.entity)
    if (!entry || !encrypted || !needsSealing(encrypted, changesOf(write), storedChanges(write, known))) continue
    want(entry.entity, entry.recordId)
  }
  await read()
  return known
}

function ownerFor({ plan, registry, person }: Sealing, write: Write, before: Rows): KeyOwner | undefined {
  const entry = journalRow(write, before)
  if (entry) {
    const encrypted = plan.get(entry.entity)
    if (!encrypted || !needsSealing(encrypted, changesOf(write), storedChanges(write, before))) return undefined
    const row = before.get(`${entry.entity}/${entry.recordId}`) ?? { id: entry.recordId }
    return keyOwnerOf(registry.get(entry.entity), row, person)
  }
  const encrypted = plan.get(write.entity)
  const values =
    write.do === 'patch' ? write.set : write.do === 'insert' || write.do === 'upsert' ? write.row : undefined
  if (!encrypted || !values || !holdsSecrets(encrypted, values)) return undefined
  const id = writtenId(write)
  return keyOwnerOf(encrypted.entity, { ...before.get(`${write.entity}/${id}`), ...values, id }, person)
}

async function sealWrite(encrypted: EncryptedEntity, write: Write, hash: BlindHash, seal: Seal): Promise<Write> {
  if (write.do === 'insert' || write.do === 'upsert')
    return { ...write, row: (await sealValues(encrypted, write.row, false, hash, seal)) as NewRow }
  if (write.do === 'patch' && write.set)
    return { ...write, set: await sealValues(encrypted, write.set, true, hash, seal) }
  return write
}

async function sealJournalWrite({ plan }: Sealing, write: Write, before: Rows, seal: Seal): Promise<Write> {
  const entry = journalRow(write, before)
  const encrypted = entry && plan.get(entry.entity)
  if (!encrypted) return write
  const changes = await sealChanges(encrypted, changesOf(write), storedChanges(write, before), seal)
  if (write.do === 'patch') return { ...write, set: { ...write.set, changes } }
  return write.do === 'insert' || write.do === 'upsert' ? { ...write, row: { ...write.row, changes } } : write
}

/** The record that a write of the journal tells of, when it writes values. */
function journalRow(write: Write, before: Rows): Journaled | undefined {
  if (write.entity !== 'journal' || changesOf(write) === undefined) return undefined
  const row = before.get(`journal/${writtenId(write)}`)
  return row as unknown as Journaled | undefined
}

function changesOf(write: Write): unknown {
  if (write.do === 'patch') return write.set?.changes
  return write.do === 'insert' || write.do === 'upsert' ? write.row.changes : undefined
}

function storedChanges(write: Write, before: Rows): unknown {
  return write.do === 'patch' ? (before.get(`journal/${write.id}`) as Row | undefined)?.changes : undefined
}
