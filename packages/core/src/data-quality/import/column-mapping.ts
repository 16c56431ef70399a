import { fieldMask } from '../../access/field-mask.js'
import type { CustomFields } from '../../entity/custom-fields/custom-field-catalogue.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, type ValidationIssue, validationError } from '../../kernel/crm-error.js'
import type { CellStyle } from './coerce-cell.js'
import { type ImportField, importFieldsOf } from './import-field.js'
import type { ImportTarget } from './import-target.js'

/** Where a column goes: a field, or a field and how its cells are read. */
export type ColumnTarget = string | ({ readonly field: string } & CellStyle)

/** Target by name of column; `null` or left out for a column that is not imported. */
export type ImportMapping = Readonly<Record<string, ColumnTarget | null>>

/** A column that is imported. Plain data, kept with the run. */
export interface MappedColumn {
  readonly column: string
  readonly field: ImportField
  readonly style: CellStyle
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
  columns: readonly string[],
  mapping: ImportMapping,
): Promise<MappedColumn[]> {
  if (typeof mapping !== 'object' || mapping === null)
    throw validationError([{ path: 'mapping', message: 'must say for each column to which field it goes' }])
  const { name, access } = target.entity
  const fields = importFieldsOf(target.entity, await customFieldsOf(context, name))
  const mask = fieldMask(await context.access(), name, access)
  const issues: ValidationIssue[] = []
  const mapped: MappedColumn[] = []
  for (const [column, to] of Object.entries(mapping)) {
    if (to === null) continue
    const { field: path, ...style } = typeof to === 'string' ? { field: to } : to
    const field = fieldNamed(target, fields, path)
    const place = `mapping.${column}`
    if (!columns.includes(column)) issues.push({ path: place, message: 'is not a column of the file' })
    else if (!field) issues.push({ path: place, message: `is mapped to what is no field of ${name}` })
    else if (mapped.some((other) => clash(other, { column, field, style })))
      issues.push({ path: place, message: `goes to ${field.path}, which another column goes to already` })
    else mapped.push({ column, field, style })
    if (field && field !== idField && !mask.writable(field.path))
      throw new CrmError('access_denied', `The actor may not set ${field.path}`, { entity: name, field: field.path })
  }
  if (issues.length === 0 && !mapped.some(({ field }) => field !== idField))
    issues.push({ path: 'mapping', message: 'must name at least one column' })
  if (issues.length > 0) throw validationError(issues)
  return mapped
}

/** The tenant's custom fields of an entity. */
export function customFieldsOf(context: SessionContext, entity: string): Promise<CustomFields> {
  return context.customFields.fieldsOf(context.storage, context.tenantId, entity)
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
