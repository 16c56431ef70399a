import { CrmError } from '../../kernel/crm-error.js'
import type { Filter } from '../../storage/filter.js'
import type { Path, Scalar } from '../../storage/row.js'
import type { EncryptedEntity } from './encryption-plan.js'
import type { TenantSecret } from './tenant-secret.js'

/** Hashes a value of a field. */
export type BlindHash = (path: Path, value: unknown) => string

/**
 * The hash of a field's values in the form in which they are compared under encryption: text without outer blanks, in compatibility
 * form and lower case, so that one address is found in any spelling of it. A unique key is hashed as it is.
 */
export function blindHash({ entity }: EncryptedEntity, secret: Pick<TenantSecret, 'blind'>): BlindHash {
  return (path, value) => {
    const text =
      typeof value === 'string' && path !== 'uniqueKey' ? value.normalize('NFKC').trim().toLowerCase() : value
    return secret.blind(entity.name, path, JSON.stringify(text))
  }
}

/**
 * A filter over an entity as storage can answer it: what compares an encrypted field for equality compares its hash. Throws
 * `unsupported` for every other question about one.
 */
export function blindFilter(encrypted: EncryptedEntity, filter: Filter, hash: BlindHash): Filter {
  const visit = (node: Filter): Filter => {
    if ('args' in node) return { op: node.op, args: node.args.map(visit) }
    if ('arg' in node) return { op: 'not', arg: visit(node.arg) }
    const { path } = node
    if (path === 'uniqueKey' && encrypted.entity.uniqueKey) {
      if (node.op === 'eq') return { ...node, value: hash(path, node.value) }
      if (node.op === 'in') return { ...node, values: node.values.map((value) => hash(path, value)) }
    }
    const field = encryptedPath(encrypted, path)
    if (field === undefined || node.op === 'isNull') return node
    const column = encrypted.blind.get(field)
    if (column === undefined || field !== path) throw notComparable(encrypted, field)
    const hashed = (value: Scalar): string => hash(path, value)
    if (node.op === 'eq' || node.op === 'ne') return { op: node.op, path: column, value: hashed(node.value) }
    if (node.op === 'in') return { op: 'in', path: column, values: node.values.map(hashed) }
    throw notComparable(encrypted, field)
  }
  return visit(filter)
}

/** Throws `unsupported` when one of the paths is encrypted: ciphertext has no order and no sum. */
export function refuseEncrypted(encrypted: EncryptedEntity, paths: readonly Path[]): void {
  for (const path of paths) {
    const field = encryptedPath(encrypted, path)
    if (field !== undefined) throw notComparable(encrypted, field)
  }
}

/** The encrypted field that a path leads to: itself, a place inside it, or its folded shadow. */
function encryptedPath({ entity, paths, customKeys }: EncryptedEntity, path: Path): Path | undefined {
  for (const field of paths)
    if (path === field || path.startsWith(`${field}.`) || entity.shadows.get(field) === path) return field
  const key = path.startsWith('custom.') ? path.slice('custom.'.length).split('.')[0] : undefined
  return key !== undefined && customKeys.has(key) ? `custom.${key}` : undefined
}

function notComparable({ entity }: EncryptedEntity, field: Path): CrmError {
  return new CrmError('unsupported', `${field} of ${entity.name} is encrypted`, {
    entity: entity.name,
    field,
    remedy:
      'compare it with eq, ne or in, and sort, search and group by other fields; or take it out of encryption.fields',
  })
}
