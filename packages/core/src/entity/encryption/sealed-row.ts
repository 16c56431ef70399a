import type { Path, Row } from '../../storage/row.js'
import type { BlindHash } from './blind-filter.js'
import type { EncryptedEntity } from './encryption-plan.js'
import { readSealed, type SealedText } from './sealed-text.js'

type Values = Readonly<Record<Path, unknown>>

/** Encrypts the value of a field. */
export type Seal = (field: Path, value: unknown) => Promise<string>

/** Decrypts a stored value; `undefined` when its key was destroyed. */
export type Unseal = (sealed: SealedText, field: Path) => Promise<unknown>

const isBlank = (value: unknown): value is null | undefined => value === null || value === undefined

/** Whether values hold anything to be encrypted. */
export function holdsSecrets({ paths, customKeys }: EncryptedEntity, values: Values): boolean {
  for (const path of paths) if (!isBlank(values[path])) return true
  const custom = customOf(values)
  for (const key of customKeys) if (!isBlank(ownValue(custom, key))) return true
  return false
}

/** Values as storage keeps them: encrypted, with their hashes, without folded shadows. `patches` clears what goes with a value that goes. */
export async function sealValues(
  encrypted: EncryptedEntity,
  values: Values,
  patches: boolean,
  hash: BlindHash,
  seal: Seal,
): Promise<Record<Path, unknown>> {
  const { entity, paths, customKeys, blind } = encrypted
  const sealed: Record<Path, unknown> = { ...values }
  const find = (path: Path, value: unknown): void => {
    const column = blind.get(path)
    if (column === undefined) return
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      sealed[column] = hash(path, value)
    else if (patches) sealed[column] = null
  }
  for (const path of paths) {
    if (!Object.hasOwn(values, path)) continue
    const value = values[path]
    if (!isBlank(value)) sealed[path] = await seal(path, value)
    find(path, value)
    const shadow = entity.shadows.get(path)
    if (shadow === undefined || !Object.hasOwn(values, shadow)) continue
    if (patches) sealed[shadow] = null
    else delete sealed[shadow]
  }
  if (customKeys.size > 0 && Object.hasOwn(values, 'custom')) {
    const custom: Record<string, unknown> = { ...customOf(values) }
    for (const key of customKeys) {
      const value = ownValue(custom, key)
      if (!isBlank(value)) custom[key] = await seal(`custom.${key}`, value)
      find(`custom.${key}`, value)
    }
    if (!isBlank(values.custom)) sealed.custom = custom
  }
  if (typeof values.uniqueKey === 'string') sealed.uniqueKey = hash('uniqueKey', values.uniqueKey)
  return sealed
}

/** The encrypted values of a stored row, by field. */
export function* sealedIn({ paths, customKeys }: EncryptedEntity, row: Values): Generator<[field: Path, SealedText]> {
  for (const path of paths) {
    const sealed = readSealed(row[path])
    if (sealed) yield [path, sealed]
  }
  const custom = customOf(row)
  for (const key of customKeys) {
    const sealed = readSealed(ownValue(custom, key))
    if (sealed) yield [`custom.${key}`, sealed]
  }
}

/** The fields of a stored row whose values should be encrypted and are not; `custom` for any custom one. */
export function plainSecrets({ paths, customKeys }: EncryptedEntity, row: Values): Path[] {
  const isPlain = (value: unknown): boolean => !isBlank(value) && !readSealed(value)
  const custom = customOf(row)
  const inCustom = [...customKeys].some((key) => isPlain(ownValue(custom, key)))
  return [...[...paths].filter((path) => isPlain(row[path])), ...(inCustom ? ['custom'] : [])]
}

/** A stored row as core works with it: decrypted, without hashes. A value whose key was destroyed is erased. */
export async function unsealRow(encrypted: EncryptedEntity, stored: Row, unseal: Unseal): Promise<Row> {
  const { entity, blind } = encrypted
  const row: Row = { ...stored }
  for (const column of blind.values()) delete row[column]
  let custom: Record<string, unknown> | undefined
  for (const [field, sealed] of sealedIn(encrypted, stored)) {
    const value = await unseal(sealed, field)
    if (field.startsWith('custom.')) {
      custom ??= { ...customOf(stored) }
      if (value === undefined) delete custom[field.slice('custom.'.length)]
      else custom[field.slice('custom.'.length)] = value
    } else if (value !== undefined) row[field] = value
    else erase(encrypted, row, field)
  }
  if (custom) row.custom = custom
  if (stored.uniqueKey !== undefined) {
    const key = entity.uniqueKey?.(row)
    if (key !== undefined) row.uniqueKey = key
  }
  return row
}

function erase({ entity }: EncryptedEntity, row: Row, field: Path): void {
  const declared = entity.fields.get(field)
  if (!declared?.required) delete row[field]
  else row[field] = declared.type === 'json' ? [] : 'erased'
}

function customOf(values: Values): Readonly<Record<string, unknown>> {
  return (values.custom ?? {}) as Readonly<Record<string, unknown>>
}

/** A custom field may be called `constructor`. */
function ownValue(values: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined
}
