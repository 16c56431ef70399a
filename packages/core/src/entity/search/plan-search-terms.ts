import { sameValue } from '../canonical-json.js'
import { isComputed } from '../custom-fields/custom-field.js'
import type { Entity } from '../entity.js'
import type { EntityChange } from '../entity-change.js'
import type { SessionContext } from '../session-context.js'
import { noSearchColumns, searchColumnsOf } from './search-columns.js'
import { type SearchedValues, type SearchField, sourcesOf, termsPath, textsPath } from './search-field.js'
import { searchTextsOf } from './search-texts.js'

/** What keeps the search terms of changed records right: derived values that go with the batch. A deleted record has none. */
export async function planSearchTerms(
  context: SessionContext,
  changes: readonly EntityChange[],
): Promise<EntityChange[]> {
  const plans: EntityChange[] = []
  for (const change of changes) {
    if (change.kind !== 'create' && !('before' in change)) continue
    const entity = context.registry.get(change.entity)
    if (!entity.search) continue
    const id = change.kind === 'create' ? change.id : change.before.id
    const values = searchedValues(entity.search, change)
    if (values === undefined) continue
    const columns = values === null ? noSearchColumns : await columnsOf(context, entity, values)
    const before = 'before' in change ? change.before : {}
    const set = Object.fromEntries(
      Object.entries(columns).filter(([path, value]) => !sameValue((before as SearchedValues)[path] ?? null, value)),
    )
    if (Object.keys(set).length > 0) plans.push({ kind: 'derive', entity: entity.name, id, set })
  }
  return plans
}

/** The search columns of a record's values. */
export async function columnsOf(context: SessionContext, entity: Entity, values: SearchedValues) {
  const fields = entity.search ?? []
  const customKeys = values.custom ? await searchableCustomKeys(context, entity) : []
  return searchColumnsOf(fields, searchTextsOf(fields, customKeys, values))
}

/** Keys of the custom fields of an entity whose values are searched: set by people, and not encrypted, since a term is a piece of the value. */
export async function searchableCustomKeys(context: SessionContext, entity: Entity): Promise<string[]> {
  const fields = await context.customFields.fieldsOf(context.storage, context.tenantId, entity.name)
  const isSecret = (key: string): boolean => context.encryption?.encrypts(entity.name, `custom.${key}`) === true
  const searched = [...fields.values()].filter((field) => field.searchable === true && !isComputed(field))
  return searched.flatMap(({ key }) => (isSecret(key) ? [] : [key]))
}

/** The values to be searched after a change; `null` when the record is gone, `undefined` when nothing of it changes. */
function searchedValues(
  fields: readonly SearchField[],
  change: Extract<EntityChange, { kind: 'create' | 'update' | 'delete' | 'restore' }>,
): SearchedValues | null | undefined {
  if (change.kind === 'create') return change.values
  if (change.kind !== 'update') return change.kind === 'delete' ? null : change.before
  const { before, values } = change
  const after = { ...before, ...values }
  if (after.deletedAt !== undefined && after.deletedAt !== null)
    return before[termsPath] === undefined && before[textsPath] === undefined ? undefined : null
  const paths = ['deletedAt', 'custom', ...fields.flatMap(sourcesOf)]
  const changes = paths.some((path) => Object.hasOwn(values, path) && !sameValue(before[path], values[path]))
  return changes ? after : undefined
}
