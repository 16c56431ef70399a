import { invalidField } from '../../kernel/crm-error.js'
import type { EntityChange } from '../entity-change.js'
import { readNamedAliases } from '../record-alias.js'
import type { SessionContext } from '../session-context.js'
import type { CustomField } from './custom-field.js'
import type { TenantFields } from './custom-field-catalogue.js'
import { staleName } from './pending-roll-up.js'
import { storedValue } from './record-value.js'

/** Checks that new references lead to records that are there and not deleted. Throws `validation_failed` naming the field. */
export async function referenceChecks(
  context: SessionContext,
  changes: readonly EntityChange[],
  fields: TenantFields,
): Promise<EntityChange[]> {
  const found: { readonly field: CustomField; readonly target: string; readonly id: string }[] = []
  for (const change of changes) {
    if ((change.kind !== 'create' && change.kind !== 'update') || change.implied) continue
    const old = change.kind === 'create' ? {} : change.before
    for (const field of fields.byObject.get(change.entity)?.values() ?? []) {
      if (field.type !== 'reference' || field.target === undefined || change.values.custom === undefined) continue
      const id = storedValue(change.values, `custom.${field.key}`)
      if (typeof id === 'string' && id !== storedValue(old, `custom.${field.key}`))
        found.push({ field, target: field.target, id })
    }
  }
  const checks = found.map(
    ({ field, target, id }): EntityChange => ({
      kind: 'require',
      entity: target,
      id,
      is: 'present',
      namedBy: `custom.${field.key}`,
    }),
  )
  const made = new Set(
    changes.flatMap((change) => (change.kind === 'create' ? [staleName(change.entity, change.id)] : [])),
  )
  for (const target of new Set(found.map((each) => each.target))) {
    const asked = found.filter((each) => each.target === target && !made.has(staleName(target, each.id)))
    const rows = await context.storage.getMany(
      target,
      asked.map(({ id }) => id),
    )
    const deleted = asked.find((_, index) => rows[index]?.deletedAt !== undefined)
    if (!deleted) continue
    const field = `custom.${deleted.field.key}`
    const { merged } = await readNamedAliases(context, checks)
    throw merged ?? invalidField(field, `must be the id of a ${target} that is not deleted`)
  }
  return checks
}
