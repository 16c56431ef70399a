import type { Row } from '../../storage/row.js'
import { fieldCommitment } from '../journal-chain.js'
import type { JournaledField } from '../journal-entity.js'
import { withoutFieldValue } from '../journal-erasure.js'
import type { EncryptedEntity } from './encryption-plan.js'
import type { Seal, Unseal } from './sealed-row.js'
import { readSealed, type SealedText } from './sealed-text.js'

/**
 * A changed field as the journal keeps it under encryption. The salt is sealed with the values: with the salt at hand, a commitment to
 * a birth date is guessed in a second.
 */
interface SealedField {
  readonly field: string
  readonly commitment: string
  readonly sealed: string
}

type StoredField = JournaledField | SealedField

/** Changes as storage keeps them. What stood there encrypted already, in `stored`, stays as it is. */
export async function sealChanges(
  encrypted: EncryptedEntity,
  changes: unknown,
  stored: unknown,
  seal: Seal,
): Promise<readonly StoredField[]> {
  const sealed = sealedBefore(stored)
  return Promise.all(
    (changes as readonly JournaledField[]).map(async (each): Promise<StoredField> => {
      if (!isSecret(encrypted, each)) return each
      const { field, commitment: _, ...values } = each
      const commitment = fieldCommitment(each)
      return { field, commitment, sealed: sealed.get(commitment) ?? (await seal(`changes.${field}`, values)) }
    }),
  )
}

/** Whether sealing the changes takes a key. */
export function needsSealing(encrypted: EncryptedEntity, changes: unknown, stored: unknown): boolean {
  const sealed = sealedBefore(stored)
  return (changes as readonly JournaledField[]).some(
    (each) => isSecret(encrypted, each) && !sealed.has(fieldCommitment(each)),
  )
}

/** The encrypted values of a stored journal entry. */
export function* sealedInJournal(row: Row): Generator<SealedText> {
  for (const each of (row.changes ?? []) as readonly StoredField[]) {
    const sealed = 'sealed' in each ? readSealed(each.sealed) : undefined
    if (sealed) yield sealed
  }
}

/** A stored journal entry as core works with it. Where a key was destroyed only the commitment is left, as after an erasure. */
export async function unsealJournal(row: Row, unseal: Unseal): Promise<Row> {
  const changes = (row.changes ?? []) as readonly StoredField[]
  if (!changes.some((each) => 'sealed' in each)) return row
  return {
    ...row,
    changes: await Promise.all(
      changes.map(async (each): Promise<StoredField> => {
        const sealed = 'sealed' in each ? readSealed(each.sealed) : undefined
        if (!sealed) return each
        const values = await unseal(sealed, `changes.${each.field}`)
        return { ...withoutFieldValue(each), ...(values as object | undefined) }
      }),
    ),
  }
}

function isSecret({ paths, customKeys }: EncryptedEntity, { field, salt }: JournaledField): boolean {
  if (salt === undefined) return false
  return paths.has(field) || (field.startsWith('custom.') && customKeys.has(field.slice('custom.'.length)))
}

function sealedBefore(stored: unknown): ReadonlyMap<string, string> {
  const fields = (stored ?? []) as readonly StoredField[]
  return new Map(fields.flatMap((each) => ('sealed' in each ? [[each.commitment, each.sealed] as const] : [])))
}
