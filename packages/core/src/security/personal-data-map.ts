import { levelFor } from '../access/access-context.js'
import type { SessionContext } from '../entity/session-context.js'
import { personalFieldsOf } from './personal-fields.js'

/** Where an entity keeps what about whom. */
export interface PersonalDataEntry {
  readonly entity: string
  /** Paths that hold personal data; of a field the tenant added, `custom.<key>`. */
  readonly fields: readonly string[]
  /** Fields by which its rows belong to a person; none for the person itself. */
  readonly heldBy: readonly string[]
}

/** The personal data of a tenant, by entity, derived from the flags of fields and custom fields. Entities the actor may not read are left out. */
export async function mapPersonalData(context: SessionContext): Promise<PersonalDataEntry[]> {
  const access = await context.access()
  const entries: PersonalDataEntry[] = []
  for (const entity of context.registry.all()) {
    if (levelFor(access, entity.name, 'read') === 'no') continue
    const { fields, customKeys } = await personalFieldsOf(context, entity)
    if (fields.length + customKeys.length === 0) continue
    const references = [...entity.fields.values()]
      .filter(({ references: to }) => to === 'contact')
      .map(({ path }) => path)
    const links = (entity.polymorphicReferences ?? []).map((each) => ('list' in each ? each.list : each.id))
    entries.push({
      entity: entity.name,
      fields: [...fields.map(({ path }) => path), ...customKeys.map((key) => `custom.${key}`)],
      heldBy: [...references, ...links],
    })
  }
  return entries
}
