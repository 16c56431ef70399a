import { throwIfAborted } from '../../kernel/crm-error.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { Path, Row } from '../../storage/row.js'
import type { Write } from '../../storage/write.js'
import { retryOnConflict } from '../record-service.js'
import type { Checkpoint } from '../run-service.js'
import { columnsOf } from '../search/plan-search-terms.js'
import type { SessionContext } from '../session-context.js'
import { type CipherKey, decryptValue, fromBase64, newKeyBytes, toBase64 } from './cipher.js'
import { encryptionKeyEntity, tenantKeyRowId } from './encryption-key-entity.js'
import type { EncryptedEntity } from './encryption-plan.js'
import { wrapPersonKey } from './key-store.js'
import { needsSealing } from './sealed-journal.js'
import { plainSecrets } from './sealed-row.js'
import type { SessionEncryption } from './session-encryption.js'
import { type TenantSecretBytes, tenantPlace } from './tenant-secret.js'

/** What a renewal did. */
export interface RenewalCounts {
  /** Keys of persons that were wrapped anew. */
  readonly rewrapped: number
  /** Rows that held values of encrypted fields as plain text. */
  readonly sealed: number
}

const name = encryptionKeyEntity.name
const pageSize = 200

/**
 * Gives the tenant a new key under the newest key of the keyring, wraps the keys of persons with it, encrypts what is still plain, and
 * then drops the tenant's old keys: afterwards the keys that the host had before can be taken off the ring. Values stay as they are.
 * Repeating it after an interruption does what is left.
 */
export async function renewEncryption(context: SessionContext, checkpoint: Checkpoint): Promise<RenewalCounts> {
  const { encryption } = context
  if (!encryption) throw new TypeError('a renewal takes a CRM that encrypts')
  const counts = { rewrapped: 0, sealed: 0 }
  const save = async (): Promise<void> => {
    throwIfAborted(checkpoint.signal)
    await checkpoint.save({ cursor: { generation }, done: counts.rewrapped + counts.sealed, counts })
  }
  const generation = (checkpoint.cursor?.generation as number | undefined) ?? (await addGeneration(encryption))
  await save()
  for (;;) {
    const rewrapped = await rewrapSome(encryption, generation)
    if (rewrapped === 0) break
    counts.rewrapped += rewrapped
    await save()
  }
  for (const encrypted of encryption.sealing.plan.values())
    for await (const rows of storedPages(encryption, encrypted.entity.name)) {
      counts.sealed += await sealPlain(context, encrypted, rows)
      await save()
    }
  const names = [...encryption.sealing.plan.keys()]
  for await (const rows of storedPages(encryption, 'journal', { op: 'in', path: 'entity', values: names })) {
    counts.sealed += await sealPlainJournal(context, encryption, rows)
    await save()
  }
  await changeTenantKeys(encryption, ({ blind, wrapping }) => {
    const text = wrapping[generation]
    return { blind, wrapping: text === undefined ? wrapping : { [generation]: text } }
  })
  return counts
}

async function addGeneration(encryption: SessionEncryption): Promise<number> {
  const { random } = encryption.sealing.scope
  let generation = 0
  await changeTenantKeys(encryption, ({ blind, wrapping }) => {
    generation = Math.max(...Object.keys(wrapping).map(Number)) + 1
    return { blind, wrapping: { ...wrapping, [generation]: toBase64(newKeyBytes(random)) } }
  })
  return generation
}

/** The row changes with it, so whoever encrypts under what it held before fails and reads it again. */
async function changeTenantKeys(
  { sealing: { keys, scope }, ring }: SessionEncryption,
  change: (bytes: TenantSecretBytes) => TenantSecretBytes,
): Promise<void> {
  await retryOnConflict(async () => {
    keys.forget(scope.tenantId)
    const { row, bytes } = await keys.tenant(scope)
    const set = { ...(await ring.wrap(change(bytes), tenantPlace(scope.tenantId), scope.random)) }
    await scope.storage.write([{ do: 'patch', entity: name, id: tenantKeyRowId, set, ifVersion: row.version }])
    keys.forget(scope.tenantId)
  })
}

async function rewrapSome({ sealing: { keys, scope } }: SessionEncryption, generation: number): Promise<number> {
  return retryOnConflict(async () => {
    const secret = await keys.tenant(scope)
    const where = allOf(
      { op: 'not', arg: { op: 'isNull', path: 'ownerType' } },
      { op: 'not', arg: { op: 'isNull', path: 'wrapped' } },
      { op: 'ne', path: 'wrappedBy', value: String(generation) },
    )
    const { rows } = await scope.storage.find({ entity: name, where, order: ['id'], limit: pageSize })
    const writes = await Promise.all(
      rows.map(async (row): Promise<Write> => {
        const last = row.generation as number
        const place = { tenantId: scope.tenantId, entity: name, id: row.id, field: `wrapped.${last}` }
        const wrapping = secret.wrapping.get(Number(row.wrappedBy)) as CipherKey
        const bytes = fromBase64((await decryptValue(wrapping, row.wrapped as string, place)) as string)
        const set = await wrapPersonKey(scope, secret, row.id, last, bytes)
        return { do: 'patch', entity: name, id: row.id, set: { ...set }, ifVersion: row.version }
      }),
    )
    if (writes.length > 0) await scope.storage.write(writes)
    return writes.length
  })
}

/** Reads rows as core does and writes them as they are: the session encrypts them on their way. */
async function sealPlain(context: SessionContext, encrypted: EncryptedEntity, rows: readonly Row[]): Promise<number> {
  const { entity, registered } = encrypted
  const ids = rows.filter((row) => plainSecrets(encrypted, row).length > 0).map(({ id }) => id)
  if (ids.length === 0) return 0
  return retryOnConflict(async () => {
    const plain = (await context.storage.getMany(entity.name, ids)).filter((row) => row !== undefined)
    const writes: Write[] = []
    for (const row of plain) {
      const paths = new Set<Path>(
        rows.flatMap((stored) => (stored.id === row.id ? plainSecrets(encrypted, stored) : [])),
      )
      const shadows = [...paths].flatMap((path) => entity.shadows.get(path) ?? [])
      const set = {
        ...Object.fromEntries([...paths].map((path) => [path, row[path]])),
        ...Object.fromEntries(shadows.map((shadow) => [shadow, null])),
        ...(row.uniqueKey !== undefined && { uniqueKey: row.uniqueKey }),
        ...(entity.search && row.deletedAt === undefined && (await columnsOf(context, registered, row))),
      }
      writes.push({ do: 'patch', entity: entity.name, id: row.id, set, ifVersion: row.version, touch: false })
    }
    if (writes.length > 0) await context.storage.write(writes)
    return writes.length
  })
}

async function sealPlainJournal(
  context: SessionContext,
  { sealing: { plan } }: SessionEncryption,
  rows: readonly Row[],
): Promise<number> {
  const writes = rows.flatMap(({ id, entity, changes }): Write[] => {
    const encrypted = plan.get(entity as string)
    if (!encrypted || !needsSealing(encrypted, changes, undefined)) return []
    return [{ do: 'patch', entity: 'journal', id, set: { changes }, touch: false }]
  })
  if (writes.length > 0) await context.storage.write(writes)
  return writes.length
}

async function* storedPages(
  { stored }: SessionEncryption,
  entity: string,
  where?: Filter,
): AsyncGenerator<readonly Row[]> {
  for (let after: readonly [string] | undefined; ; ) {
    const page = await stored.find({
      entity,
      ...(where && { where }),
      order: ['id'],
      limit: pageSize,
      ...(after && { after }),
    })
    if (page.rows.length > 0) yield page.rows
    const last = page.rows.at(-1)
    if (page.done || !last) return
    after = [last.id]
  }
}
