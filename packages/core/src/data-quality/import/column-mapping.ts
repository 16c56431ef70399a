import { fieldMask } from '../../access/field-mask.js'
import type { CustomFields } from '../../entity/custom-fields/custom-field-catalogue.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, type ValidationIssue, validationError } from '../../kernel/crm-error.js'
import type { CellStyle } from './coerce-cell.js'
import { type ImportField, importFieldsOf, isComputed } from './import-field.js'
import type { ImportTarget, ImportTargets } from './import-target.js'
import { matchKeyNamed } from './match-key.js'

/** Where a column goes: a field, or a field and how its cells are read. */
export type ColumnTarget =
  | string
  | ({
      readonly field: string
      /**
       * What the cells name another record by, for a field that holds the id of one: `email`, `externalRef`, `name` or `custom.<key>`, as
       * `matchOn` of that record. Its id when left out.
       */
      readonly by?: string
    } & CellStyle)

/** Target by name of column; `null` or left out for a column that is not imported. */
export type ImportMapping = Readonly<Record<string, ColumnTarget | null>>

/** A column that is imported. Plain data, kept with the run. */
export interface MappedColumn {
  readonly column: string
  readonly field: ImportField
  readonly style: CellStyle
  /** Where the cells name records of another kind: what by, and the field of theirs that it is kept in. */
  readonly lookUp?: { readonly object: string; readonly by: string; readonly field: ImportField }
}

/** The field that carries a record's own id; read to match rows, never set. */
const idField: ImportField = { path: 'id', kind: 'text', required: false }

/**
 * A mapping checked against the columns of a file and the fields of the target. Throws `validation_failed` naming each column or
 * field that is wrong, and `access_denied` for a field that the actor may not set.
 */
export async function mappedColumns(
  context: SessionContext,
  target: ImportTarget,
  targets: ImportTargets,
  columns: readonly string[],
  mapping: ImportMapping,
): Promise<MappedColumn[]> {
  if (typeof mapping !== 'object' || mapping === null)
    throw validationError([{ path: 'mapping', message: 'must say for each column to which field it goes' }])
  const { name, access } = target.entity
  const customFields = await customFieldsOf(context, name)
  const fields = importFieldsOf(target.entity, customFields)
  const mask = fieldMask(await context.access(), name, access)
  const issues: ValidationIssue[] = []
  const mapped: MappedColumn[] = []
  for (const [column, to] of Object.entries(mapping)) {
    if (to === null) continue
    const { field: path, by, ...style }: Exclude<ColumnTarget, string> = typeof to === 'string' ? { field: to } : to
    const field = fieldNamed(target, fields, path)
    const place = `mapping.${column}`
    if (!columns.includes(column)) issues.push({ path: place, message: 'is not a column of the file' })
    else if (!field) issues.push({ path: place, message: unfit(customFields, name, path) })
    else if (mapped.some((other) => clash(other, { column, field, style })))
      issues.push({ path: place, message: `goes to ${field.path}, which another column goes to already` })
    else if (by === undefined) mapped.push({ column, field, style })
    else {
      const lookUp = await lookUpBy(context, targets, field, by)
      if (lookUp) mapped.push({ column, field, style, lookUp })
      else
        issues.push({
          path: place,
          message: `cannot be found by ${by.slice(0, 80)}: ${field.path} holds no id of such a record`,
        })
    }
    if (field && field !== idField && !mask.writable(field.path))
      throw new CrmError('access_denied', `The actor may not set ${field.path}`, { entity: name, field: field.path })
  }
  if (issues.length === 0 && !mapped.some(({ field }) => field !== idField))
    issues.push({ path: 'mapping', message: 'must name at least one column' })
  if (issues.length > 0) throw validationError(issues)
  return mapped
}

/** How records that a field refers to are found by a key of theirs; `undefined` where there is no such key. */
async function lookUpBy(
  context: SessionContext,
  targets: ImportTargets,
  { references }: ImportField,
  by: string,
): Promise<MappedColumn['lookUp']> {
  const other = references === undefined ? undefined : targets.get(references)
  if (!other || by === 'id' || !(Object.hasOwn(other.matchKeys, by) || by.startsWith('custom.'))) return undefined
  const { name } = other.entity
  const field = importFieldsOf(other.entity, await customFieldsOf(context, name)).get(matchKeyNamed(other, by).field)
  return field && { object: name, by, field }
}

/** The tenant's custom fields of an entity. */
export function customFieldsOf(context: SessionContext, entity: string): Promise<CustomFields> {
  return context.customFields.fieldsOf(context.storage, context.tenantId, entity)
}

function unfit(customFields: CustomFields, entity: string, path: string): string {
  const custom = path.startsWith('custom.') ? customFields.get(path.slice('custom.'.length)) : undefined
  return custom && isComputed(custom)
    ? 'is mapped to a field that is computed'
    : `is mapped to what is no field of ${entity}`
}

function fieldNamed(
  { aliases }: ImportTarget,
  fields: ReadonlyMap<string, ImportField>,
  path: string,
): ImportField | undefined {
  if (path === 'id') return idField
  return fields.get(path) ?? fields.get((Object.hasOwn(aliases, path) ? aliases[path] : undefined) ?? '')
}

/** Only lists take more than one column. */
function clash(left: MappedColumn, right: MappedColumn): boolean {
  if (left.field.path !== right.field.path) return false
  return !['texts', 'choices', 'list'].includes(left.field.kind)
}
