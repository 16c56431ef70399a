import type { FieldMask } from '../../access/field-mask.js'
import { CrmError } from '../../kernel/crm-error.js'
import { type OrderTerm, parseOrderTerm, resolvePath } from '../../storage/entity-def.js'
import { filterPaths } from '../../storage/filter.js'
import type { Path } from '../../storage/row.js'
import { type Entity, isInternalPath } from '../entity.js'
import { maskFor } from '../record-reader.js'
import type { SessionContext } from '../session-context.js'
import type { SavedView } from './saved-view.js'

/** Why a view cannot be opened: a field that it filters or orders by. */
export interface ViewFault {
  readonly field: Path
  /** `removed`: deleted, or never there. `hidden`: the actor may not read it. `noObject`: what it lists is not there. */
  readonly reason: 'removed' | 'hidden' | 'noObject'
}

/** What is wrong with views of an entity, for the session's actor. */
export interface ViewCheck {
  faultsOf(view: SavedView): ViewFault[]
  /** Whether a column can be shown. */
  shows(column: Path): boolean
}

/** Looks at fields and rights once, for any number of views of an entity. */
export async function checkViews(context: SessionContext, object: string): Promise<ViewCheck> {
  if (!context.registry.has(object)) {
    return { faultsOf: () => [{ field: 'object', reason: 'noObject' }], shows: () => false }
  }
  const entity = context.registry.get(object)
  const [mask, custom] = await Promise.all([
    maskFor(context, entity),
    context.customFields.fieldsOf(context.storage, context.tenantId, object),
  ])
  const faultOf = (path: Path): ViewFault[] => {
    if (!isField(entity, path, custom)) return [{ field: path, reason: 'removed' }]
    return mask.readable(path) ? [] : [{ field: path, reason: 'hidden' }]
  }
  return {
    faultsOf: ({ where, orderBy = [] }) => {
      const paths = [
        ...(where ? filterPaths(where) : []),
        ...orderBy.map((term) => parseOrderTerm(term as OrderTerm).path),
      ]
      return [...new Set(paths)].flatMap(faultOf)
    },
    shows: (column) => isShown(entity, column, custom, mask),
  }
}

/**
 * The error for a view that names what is not there: leaving the condition out would list records the view never meant.
 * `rule_violated` (reason `broken_view`) for a field that was removed, `access_denied` for one the actor may not read.
 */
export function brokenView(view: SavedView, { field, reason }: ViewFault): CrmError {
  const details = { entity: 'savedView', id: view.id, field }
  if (reason === 'hidden') {
    return new CrmError('access_denied', `The view filters or orders by ${field}, which the actor may not read`, {
      ...details,
      remedy: 'open another view, or ask its owner to take the field out',
    })
  }
  return new CrmError('rule_violated', `The view filters or orders by ${field}, which is not there`, {
    ...details,
    reason: 'broken_view',
    remedy: 'restore the field, or take it out of the view',
  })
}

function isField(entity: Entity, path: Path, custom: ReadonlyMap<string, unknown>): boolean {
  const target = resolvePath(entity.storage, path)
  if (!target || isInternalPath(entity, path)) return false
  return target.field !== 'custom' || custom.has(target.inside[0] ?? '')
}

/** A column may be a group of fields, such as an amount of money. */
function isShown(entity: Entity, column: Path, custom: ReadonlyMap<string, unknown>, mask: FieldMask): boolean {
  const isGroup = [...entity.fields.keys()].some((path) => path.startsWith(`${column}.`))
  return (isGroup || isField(entity, column, custom)) && mask.readable(column)
}
