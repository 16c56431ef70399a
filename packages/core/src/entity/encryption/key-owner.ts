import type { Row } from '../../storage/row.js'
import type { Entity } from '../entity.js'
import type { KeyOwner } from './encryption-key-entity.js'

/**
 * Whose key a row is encrypted with: the person it is or belongs to, by reference, by pair or by link; its own where it belongs to
 * nobody. Destroying a person's key makes all of it unreadable at once.
 */
export function keyOwnerOf(
  entity: Entity,
  row: Readonly<Record<string, unknown>> & { id: string },
  person: string,
): KeyOwner {
  if (entity.name === person) return { type: person, id: row.id }
  for (const { path, references } of entity.fields.values()) {
    const id = row[path]
    if (references === person && typeof id === 'string') return { type: person, id }
  }
  for (const each of entity.polymorphicReferences ?? []) {
    if ('list' in each) {
      const links = (row[each.list] ?? []) as readonly KeyOwner[]
      const link = links.find(({ type }) => type === person)
      if (link) return { type: person, id: link.id }
    } else if (row[each.type] === person && typeof row[each.id] === 'string')
      return { type: person, id: row[each.id] as Row['id'] }
  }
  return { type: entity.name, id: row.id }
}
