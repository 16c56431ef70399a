import type { Entity, StoredField } from '../entity/entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { allOf } from '../storage/filter.js'
import type { Path } from '../storage/row.js'

/** Which fields of an entity say something about a person, those of the tenant among them. */
export interface PersonalFields {
  /** Declared fields. */
  readonly fields: readonly StoredField[]
  /** Keys of custom fields. */
  readonly customKeys: readonly string[]
  /** Whether a stored path or `custom.<key>` is personal. What nobody registered may be, so it counts. */
  isPersonal(path: Path): boolean
}

const mostCustomFields = 1_000

/** The personal fields of an entity, by the flags of its fields and of the tenant's custom fields, deleted ones too. What is encrypted is personal. */
export async function personalFieldsOf(context: SessionContext, entity: Entity): Promise<PersonalFields> {
  const fields = [...entity.fields.values()].filter(({ personal }) => personal === true)
  const paths: ReadonlySet<Path> = new Set(fields.map(({ path }) => path))
  const isSecret = (key: string): boolean => context.encryption?.encrypts(entity.name, `custom.${key}`) === true
  const registered = entity.kind === 'record' ? await readCustomFields(context, entity) : new Map<string, boolean>()
  return {
    fields,
    customKeys: [...registered].flatMap(([key, personal]) => (personal || isSecret(key) ? [key] : [])),
    isPersonal(path) {
      const key = path.startsWith('custom.') ? path.slice('custom.'.length) : undefined
      return paths.has(path) || (key !== undefined && (registered.get(key) !== false || isSecret(key)))
    },
  }
}

/** Custom fields by key, and whether one of that key was ever personal. */
async function readCustomFields(context: SessionContext, entity: Entity): Promise<Map<string, boolean>> {
  const found = new Map<string, boolean>()
  for (let after: readonly [string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'customField',
      where: allOf({ op: 'eq', path: 'object', value: entity.name }),
      order: ['id'],
      limit: mostCustomFields,
      ...(after && { after }),
    })
    for (const row of page.rows)
      found.set(row.key as string, row.personal === true || found.get(row.key as string) === true)
    const last = page.rows.at(-1)
    if (page.done || !last) return found
    after = [last.id]
  }
}
